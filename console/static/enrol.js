// The invitation's token stands behind the # of the address, which no server sees: put it into the form, then clear it.
"use strict";
(function () {
  const field = document.getElementById("token");
  const token = location.hash.slice(1);
  if (!field) return;
  if (token) {
    field.value = token;
    history.replaceState(null, "", location.pathname);
  }
  if (field.value) document.getElementById("token-field").hidden = true;
})();
