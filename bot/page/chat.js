/* The chat as the person sees it: what they say waits in a queue until it is kept. No async functions, no modules: phones
   are old. Nothing is stored but the bearer, for as long as the tab is open: phones are shared. */
(function () {
'use strict';

const WORDS = {
  en: {
    title: 'Amana', leave: 'Leave', shared: 'On a shared phone: press Leave when you are done.', log: 'Conversation',
    words: 'Your message', send: 'Send', file: 'Photo or file', voice: 'Voice', stop: 'Stop', drop: 'Remove',
    recording: 'Recording…', picture: 'Photo',
    sending: 'sending…', waiting: 'not sent yet – will try again', sent: 'sent', refused: 'not sent',
    offline: 'No connection just now. We keep trying.',
    renewed: 'The earlier conversation has ended. This is a new one: please choose again, then send your message once more.',
    broken: 'We are sorry: no conversation can be opened just now. Please try again later.',
    silent: 'The microphone cannot be used here. You can write, or choose a file.',
    fast: 'That was very fast. Please wait a moment and send it again.',
    long: 'That is too long for one message. Please send it in parts.',
    large: 'That file is too large. Nothing of it was kept.',
    odd: 'This could not be taken. Please send it in another way.',
    next: 'Next person', print: 'Print', slip: 'Code',
    staffed: 'You write for somebody else. When they have their code: “Next person” clears this screen.',
  },
  fr: {
    title: 'Amana', leave: 'Quitter', shared: 'Téléphone partagé : appuyez sur Quitter quand vous avez fini.', log: 'Conversation',
    words: 'Votre message', send: 'Envoyer', file: 'Photo ou fichier', voice: 'Voix', stop: 'Arrêter', drop: 'Enlever',
    recording: 'Enregistrement…', picture: 'Photo',
    sending: 'envoi…', waiting: 'pas encore envoyé – nouvel essai bientôt', sent: 'envoyé', refused: 'non envoyé',
    offline: 'Pas de connexion pour le moment. Nous continuons d’essayer.',
    renewed: 'La conversation précédente est terminée. En voici une nouvelle : choisissez à nouveau, puis renvoyez votre message.',
    broken: 'Nous sommes désolés : aucune conversation ne peut être ouverte. Veuillez réessayer plus tard.',
    silent: 'Le microphone ne peut pas être utilisé ici. Vous pouvez écrire ou choisir un fichier.',
    fast: 'C’était très rapide. Attendez un moment, puis renvoyez-le.',
    long: 'C’est trop long pour un seul message. Envoyez-le en plusieurs parties.',
    large: 'Ce fichier est trop grand. Rien n’en a été gardé.',
    odd: 'Nous n’avons pas pu prendre ceci. Envoyez-le d’une autre façon.',
    next: 'Personne suivante', print: 'Imprimer', slip: 'Code',
    staffed: 'Vous écrivez pour quelqu’un d’autre. Quand la personne a son code : « Personne suivante » vide cet écran.',
  },
  es: {
    title: 'Amana', leave: 'Salir', shared: 'Teléfono compartido: pulse Salir cuando termine.', log: 'Conversación',
    words: 'Su mensaje', send: 'Enviar', file: 'Foto o archivo', voice: 'Voz', stop: 'Parar', drop: 'Quitar',
    recording: 'Grabando…', picture: 'Foto',
    sending: 'enviando…', waiting: 'aún no enviado: se intentará de nuevo', sent: 'enviado', refused: 'no enviado',
    offline: 'No hay conexión por ahora. Seguimos intentando.',
    renewed: 'La conversación anterior ha terminado. Esta es nueva: elija otra vez y vuelva a enviar su mensaje.',
    broken: 'Lo sentimos: ahora no se puede abrir ninguna conversación. Inténtelo más tarde.',
    silent: 'Aquí no se puede usar el micrófono. Puede escribir o elegir un archivo.',
    fast: 'Ha sido muy rápido. Espere un momento y envíelo otra vez.',
    long: 'Es demasiado largo para un solo mensaje. Envíelo en partes.',
    large: 'Ese archivo es demasiado grande. No se guardó nada de él.',
    odd: 'No pudimos recibir esto. Envíelo de otra manera.',
    next: 'Siguiente persona', print: 'Imprimir', slip: 'Código',
    staffed: 'Usted escribe por otra persona. Cuando tenga su código: «Siguiente persona» vacía esta pantalla.',
  },
  ar: {
    title: 'أمانة', leave: 'خروج', shared: 'إذا كان الهاتف مشتركًا: اضغط «خروج» عندما تنتهي.', log: 'المحادثة',
    words: 'رسالتك', send: 'إرسال', file: 'صورة أو ملف', voice: 'صوت', stop: 'إيقاف', drop: 'إزالة',
    recording: 'جارٍ التسجيل…', picture: 'صورة',
    sending: 'جارٍ الإرسال…', waiting: 'لم تُرسل بعد – سنحاول مرة أخرى', sent: 'أُرسلت', refused: 'لم تُرسل',
    offline: 'لا يوجد اتصال الآن. نواصل المحاولة.',
    renewed: 'انتهت المحادثة السابقة. هذه محادثة جديدة: اختر من جديد، ثم أرسل رسالتك مرة أخرى.',
    broken: 'نأسف: لا يمكن فتح محادثة الآن. حاول مرة أخرى لاحقًا.',
    silent: 'لا يمكن استخدام الميكروفون هنا. يمكنك الكتابة أو اختيار ملف.',
    fast: 'كان ذلك سريعًا جدًا. انتظر لحظة ثم أرسل مرة أخرى.',
    long: 'هذا أطول من أن يكون رسالة واحدة. أرسله على أجزاء.',
    large: 'هذا الملف كبير جدًا. لم نحتفظ بشيء منه.',
    odd: 'لم نتمكن من استلام هذا. أرسله بطريقة أخرى.',
    next: 'الشخص التالي', print: 'طباعة', slip: 'الرمز',
    staffed: 'أنت تكتب نيابة عن شخص آخر. عندما يستلم رمزه: زر «الشخص التالي» يمسح هذه الشاشة.',
  },
  sw: {
    title: 'Amana', leave: 'Ondoka', shared: 'Simu ya pamoja: bonyeza Ondoka ukimaliza.', log: 'Mazungumzo',
    words: 'Ujumbe wako', send: 'Tuma', file: 'Picha au faili', voice: 'Sauti', stop: 'Simamisha', drop: 'Ondoa',
    recording: 'Inarekodi…', picture: 'Picha',
    sending: 'inatumwa…', waiting: 'haijatumwa bado – tutajaribu tena', sent: 'imetumwa', refused: 'haikutumwa',
    offline: 'Hakuna mtandao kwa sasa. Tunaendelea kujaribu.',
    renewed: 'Mazungumzo ya awali yamekwisha. Haya ni mapya: tafadhali chagua tena, kisha tuma ujumbe wako tena.',
    broken: 'Samahani: mazungumzo hayawezi kufunguliwa kwa sasa. Tafadhali jaribu tena baadaye.',
    silent: 'Kipaza sauti hakiwezi kutumika hapa. Unaweza kuandika, au kuchagua faili.',
    fast: 'Hiyo ilikuwa haraka sana. Subiri kidogo kisha utume tena.',
    long: 'Hii ni ndefu mno kwa ujumbe mmoja. Tafadhali itume kwa sehemu.',
    large: 'Faili hiyo ni kubwa mno. Hakuna sehemu yake iliyohifadhiwa.',
    odd: 'Hatukuweza kupokea hii. Tafadhali itume kwa njia nyingine.',
    next: 'Mtu anayefuata', print: 'Chapisha', slip: 'Msimbo',
    staffed: 'Unaandika kwa niaba ya mtu mwingine. Akishapata msimbo wake: “Mtu anayefuata” husafisha skrini hii.',
  },
};
const RIGHT = ['ar'];
// Typed alone, each of these is the Leave button, once the bot has it: it ends the talk at the same words (actions/lexicons).
const EXITS = ['xx', 'exit', 'exit now', 'quick exit', 'leave now', 'quitter', 'quitter vite', 'sortie rapide', 'cerrar', 'salir', 'salir ya',
  'salida rápida', 'salida rapida', 'إغلاق', 'أغلق', 'خروج', 'خروج سريع', 'اخرج الآن', 'toka', 'toka haraka', 'toka sasa', 'ondoka', 'funga'];
// Staff open /?desk, /?phone, /?letter or /?box and write for somebody else.
const ENTERED = ['desk', 'phone', 'letter', 'box'].find((one) => location.search === '?' + one);
// Western, Arabic and Persian digits; a return code is alone in its letter, a reference has eight signs.
const DIGITS = '0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹';
const CODE = /^\s*(?:[0-9٠-٩۰-۹]{4}\s){6}[0-9٠-٩۰-۹]{4}\s*$/;
const REFERENCE = /(?:^|[^\w-])[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}(?![\w-])/;

// Scripts written from the right (Hanifi Rohingya and Adlam are the surrogate pairs), and from the left.
const FROM_RIGHT = /[\u0591-\u08ff\ufb1d-\ufdfd\ufe70-\ufefc]|\ud803[\udd00-\udd3f]|\ud83a[\udd00-\udd5f]/g;
const FROM_LEFT = /[A-Za-z\u00c0-\u058f\u0900-\u1fff\u2c00-\ud7ff]/g;
const VOICE = window.MediaRecorder && MediaRecorder.isTypeSupported && navigator.mediaDevices
  && ['audio/ogg', 'audio/webm', 'audio/mp4'].find((one) => MediaRecorder.isTypeSupported(one));

const $ = (id) => document.getElementById(id);
const all = (those) => Array.from(document.querySelectorAll(those));
const log = $('log'), words = $('words'), root = document.documentElement;
const sleepers = new Set(), calls = new Set();
const spoken = String(navigator.language).slice(0, 2).toLowerCase();
let say = WORDS.en;
let chosen = '';        // the language of the talk, once it is known
const on = (what, event, act) => what.addEventListener(event, act);
let person = '', opening = false, gone = false, pushing = false, queue = [];
let offered = [];       // what the newest question offers
let seen = 0;           // greatest letter number shown
let answered = false;   // the person has spoken since the last letter
let renewed = false;    // we opened a new conversation, and nothing was heard in it yet
let reference = '';     // at a desk: the letter with the number of the report
let printing = false;   // at a desk: letters that follow a code belong on its slip
let held = null;        // photo, file or voice note that waits for Send
let tape = null;        // a recording under way

// The page speaks the browser's language, and from the choice of another one that; it is written from that one's side.
function speak(language) {
  if (!WORDS[language]) return;
  say = WORDS[language];
  root.lang = language;
  root.dir = RIGHT.indexOf(language) < 0 ? 'ltr' : 'rtl';
  document.title = say.title;
  all('[data-say]').forEach((one) => { one.textContent = say[one.dataset.say]; });
  all('[data-name]').forEach((one) => one.setAttribute('aria-label', say[one.dataset.name]));
  all('.mine').forEach((one) => { if (one.dataset.state) one.querySelector('.state').textContent = say[one.dataset.state]; });
  words.placeholder = say.words;
}

// Remembered as long as the tab is open, as the talk is.
function choose(language) {
  if (!language) return;
  chosen = language;
  keep('language', language);
  speak(language);
}

// A language may also be asked for by its number, in the digits of any script we know, or by its name.
function chooseTyped(text) {
  const typed = western(text).trim().replace(/[.)]$/, '').toLowerCase();
  offered.forEach((choice) => {
    const label = /^(\d*)\.?\s*(.*)$/.exec(western(choice.label).toLowerCase());
    if (typed && label.slice(1).indexOf(typed) >= 0) choose(languageOf(choice));
  });
}

function western(text) {
  return text.replace(/./g, (one) => { const at = DIGITS.indexOf(one); return at < 0 ? one : at % 10; });
}

function languageOf(choice) { return (/\.language~(?!aloud$)(\w+)$/.exec(choice.id) || [])[1]; }

function keep(name, what) { try { sessionStorage.setItem(name, what); } catch (e) { /* private window: the page alone remembers */ } }

function kept(name) { try { return sessionStorage.getItem(name) || ''; } catch (e) { return ''; } }

function make(tag, kind, text) {
  const one = document.createElement(tag);
  if (kind) one.className = kind;
  if (text !== undefined) { one.dir = 'auto'; one.textContent = text; }
  return one;
}

function add(kind, text) {
  const one = make('div', kind);
  one.appendChild(make('p', 'words', text));
  log.appendChild(one);
  return one;
}

function toEnd() { scrollTo(0, root.scrollHeight); }

function explain(text) { add('system', text); toEnd(); }

function status(text) { if ($('status').textContent !== text) $('status').textContent = text; }

function pause(tries) {
  return new Promise((done) => {
    const wake = () => { clearTimeout(timer); sleepers.delete(wake); done(); };
    const timer = setTimeout(wake, Math.min(30, Math.pow(2, tries)) * 1000);
    sleepers.add(wake);
  });
}

function wakeAll() { sleepers.forEach((wake) => wake()); }

function hangUp() { calls.forEach((cut) => cut.abort()); }

// A redirect comes from a sign-in page of the network in between: an error, so that we try again.
function call(method, path, seconds, body, outlives) {
  const cut = window.AbortController ? new AbortController() : { abort() {} };
  const headers = person ? { Authorization: 'Bearer ' + person } : {};
  if (typeof body === 'string') headers['Content-Type'] = 'application/json';
  const timer = setTimeout(() => cut.abort(), seconds * 1000);
  const end = () => { clearTimeout(timer); calls.delete(cut); };
  const asked = fetch(path, { method, headers, body, cache: 'no-store', credentials: 'omit', redirect: 'error', keepalive: !!outlives, signal: cut.signal })
    .then((answer) => answer.text().then((text) => ({ code: answer.status, told: /^\s*[[{]/.test(text) && JSON.parse(text) })));
  if (!outlives) calls.add(cut);
  asked.then(end, end);
  return asked;
}

function begin(tries) {
  opening = true;
  call('POST', '/chat', 30, ENTERED && JSON.stringify({ channel: ENTERED })).then((answer) => {
    if (gone) return;
    if (answer.code !== 201 || !answer.told.person) throw new Error('not open');
    opening = false;
    person = answer.told.person;
    seen = 0;
    status('');
    start();
  }).catch(() => {
    if (gone) return;
    status(say.offline);
    queue.forEach((item) => mark(item, 'waiting'));
    pause(tries).then(() => begin(tries + 1));
  });
}

// Answered with what is asked now; also when the page is loaded again.
function start() {
  queue.unshift({ id: newId(), choice: 'start' });
  push(0);
  listen(0);
}

function listen(tries) {
  const whose = person, began = Date.now();
  const ours = () => !gone && whose && person === whose;
  if (!ours()) return;
  call('GET', '/chat/letters?after=' + seen, 45).then((answer) => {
    if (!ours()) return;
    if (answer.code === 401) { renew(); return; }
    if (answer.code !== 200) throw new Error('no letters');
    show(answer.told);
    status('');
    // A proxy may not wait: we do not ask without end.
    if (answer.told.length || Date.now() - began > 1000) listen(0); else pause(1).then(() => listen(0));
  }).catch(() => {
    if (!ours()) return;
    if (tries) status(say.offline);
    pause(tries).then(() => { if (ours()) listen(tries + 1); });
  });
}

function forget() { person = ''; try { sessionStorage.clear(); } catch (e) { /* nothing was kept */ } }

function renew() {
  forget();
  hangUp();
  giveBack(queue.splice(0));
  all('.choice').forEach((one) => { one.disabled = true; });
  explain(renewed ? say.broken : say.renewed);
  if (renewed) return;   // not again before the person says something
  renewed = true;
  begin(0);
}

function newId() {
  return Array.from(crypto.getRandomValues(new Uint32Array(4))).map((part) => part.toString(36)).join('');
}

function tell(item, shown) {
  item.id = newId();
  item.bubble = add('mine', shown);
  item.bubble.appendChild(make('span', 'state'));
  mark(item, 'sending');
  toEnd();
  queue.push(item);
  answered = true;
  wakeAll();
  if (person) push(0); else if (!opening) { renewed = false; begin(0); }
}

function mark(item, state) {
  if (!item.bubble) return;
  item.bubble.dataset.state = state;
  item.bubble.querySelector('.state').textContent = say[state];
}

function push(tries) {
  if (pushing || gone || !person || !queue.length) return;
  const item = queue[0], whose = person;
  let body;
  if (item.file) {
    body = new FormData();
    body.append('id', item.id);
    body.append('file', item.file, item.name);
  } else body = JSON.stringify({ id: item.id, text: item.text, choice: item.choice });
  pushing = true;
  if (!tries) mark(item, 'sending');
  call('POST', '/chat/messages', item.file ? 300 : 30, body, item.exits).then((answer) => {
    pushing = false;
    if (gone || person !== whose) throw new Error('left');
    const code = answer.code, refusal = answer.told && answer.told.error;
    if (code === 401) renew();
    else if (code === 202) {
      if (item.exits) { leave(); return; }
      keep('person', person);
      mark(queue.shift(), 'sent');
      push(0);
    } else if (code >= 400 && code < 500 && (refusal || code === 413) && (code !== 429 || item.bubble)) {
      // Too many concerns all that wait; other refusals this one.
      giveBack(queue.splice(0, code === 429 ? queue.length : 1));
      explain(why(code, item, refusal));
      push(0);
    } else throw new Error('not kept');
  }).catch(() => {
    pushing = false;
    if (gone || person !== whose) { push(0); return; }
    queue.forEach((one) => mark(one, 'waiting'));
    if (!tries) { status(say.waiting); toEnd(); }   // for those who do not see the bubble
    pause(tries).then(() => push(tries + 1));
  });
}

// The server says it in English; other languages say the same here.
function why(code, item, refusal) {
  if (say === WORDS.en && refusal) return refusal;
  return code === 429 ? say.fast : code !== 413 ? say.odd : item.file ? say.large : say.long;
}

// Words return to the field; a file keeps its bubble, with a button to try again.
function giveBack(items) {
  items.filter((item) => item.bubble).forEach((item) => {
    if (!item.file) { item.bubble.remove(); return; }
    mark(item, 'refused');
    const again = item.bubble.appendChild(make('button', 'again', say.send));
    on(again, 'click', () => {
      item.bubble.remove();
      tell(item, item.title);
    });
  });
  words.value = items.map((item) => item.text).concat(words.value).filter(Boolean).join('\n');
  grow();
}

function show(letters) {
  let first;
  letters.filter((letter) => letter.n > seen).forEach((letter) => {
    seen = letter.n;
    renewed = false;
    const one = write(letter, letter.choices || []);
    first = one === $('slip') ? one : first || one;
  });
  // From the first new line on: a long letter is read from its beginning.
  if (first) scrollTo(0, first.getBoundingClientRect().top + pageYOffset - document.querySelector('header').offsetHeight - 8);
}

function write(letter, choices) {
  if (choices.length || answered) all('.choices').forEach((earlier) => earlier.classList.add('old'));
  answered = false;
  const asksLanguage = choices.some(languageOf);   // in every script at once: says nothing about the side
  if (choices.length) offered = choices;
  if (!WORDS[chosen] && !asksLanguage) turn(letter.text + choices.map((choice) => choice.label));
  if (ENTERED && slip(letter, choices)) return $('slip');
  const one = add('letter', letter.text);
  one.dataset.n = letter.n;
  one.lang = asksLanguage ? '' : chosen;   // '' is unknown: not the page's own
  if (letter.audio) {
    const sound = one.appendChild(make('audio'));
    sound.controls = true;
    sound.preload = 'none';   // data cost money
    sound.src = letter.audio;
  }
  const row = one.appendChild(make('div', 'choices'));
  choices.forEach((choice) => row.appendChild(button(choice)));
  return one;
}

// At a desk others look on: when there is a code, all that was told goes from the screen, and the code stands large.
function slip(letter, choices) {
  const isCode = CODE.test(letter.text);
  if (isCode) {
    Array.from(log.children).forEach((one) => { if (!queue.some((item) => item.bubble === one)) one.remove(); });
    $('slip-reference').textContent = reference;
    $('slip-code').textContent = letter.text.trim();
    $('slip-dates').textContent = '';
    $('slip').hidden = false;
  } else if (printing) $('slip-dates').textContent += letter.text + '\n\n';
  else if (REFERENCE.test(letter.text)) reference = letter.text;
  // A turn ends with choices: what comes later is of another report.
  printing = (isCode || printing) && !choices.length;
  if (choices.length) reference = '';
  return isCode;
}

function turn(text) {
  const right = (text.match(FROM_RIGHT) || []).length, left = (text.match(FROM_LEFT) || []).length;
  if (right !== left) root.dir = right > left ? 'rtl' : 'ltr';
}

function button(choice) {
  const one = make('button', 'choice', choice.label);
  one.dataset.choice = choice.id;
  let last;
  on(one, 'click', (press) => {
    // The second half of a double tap is no answer.
    if (press.detail > 1 || queue.indexOf(last) >= 0) return;
    last = { choice: choice.id };
    choose(languageOf(choice));
    tell(last, choice.label);
  });
  return one;
}

// A file's name may tell who somebody is: only its ending travels.
function hold(blob, kind, name) {
  drop();
  const tag = { image: 'img', audio: 'audio' }[kind.split('/')[0]] || 'p';
  const one = make(tag), title = { img: say.picture, audio: say.voice, p: name }[tag];
  if (tag === 'p') one.textContent = name; else one.src = URL.createObjectURL(blob);
  one.alt = title;
  one.controls = true;
  held = { file: blob, name: 'file' + /\.\w{1,5}$|$/.exec(name)[0].toLowerCase(), title, url: one.src };
  $('held').appendChild(one);
  $('tray').hidden = false;
}

function drop() {
  if (tape) tape.end(null);
  if (held && held.url) URL.revokeObjectURL(held.url);
  held = tape = null;
  $('held').textContent = '';
  $('tray').hidden = $('stop').hidden = true;
  $('voice').disabled = false;
}

function record() {
  drop();
  $('voice').disabled = true;
  navigator.mediaDevices.getUserMedia({ audio: true }).then((stream) => {
    const machine = new MediaRecorder(stream, { mimeType: VOICE, audioBitsPerSecond: 24000 });
    const parts = [], clock = make('span');
    let seconds = 0, then = null;
    clock.dir = 'ltr';
    const tick = setInterval(() => {
      seconds += 1;
      clock.textContent = Math.floor(seconds / 60) + ':' + ('0' + seconds % 60).slice(-2);
      if (seconds >= 300) stop();
    }, 1000);
    machine.ondataavailable = (part) => parts.push(part.data);
    machine.onstop = () => {
      clearInterval(tick);
      stream.getTracks().forEach((track) => track.stop());
      if (gone || !then) return;
      tape = null;
      hold(new Blob(parts, { type: VOICE }), VOICE, '.' + VOICE.split('/')[1]);
      then();
    };
    tape = { end(next) { then = next; if (machine.state !== 'inactive') machine.stop(); return null; } };
    machine.start();
    if (gone || !$('voice').disabled) { tape = tape.end(null); return; }   // left, or chose a file, while the browser asked
    $('held').textContent = say.recording;
    clock.className = 'clock';
    $('held').appendChild(clock);
    $('tray').hidden = $('stop').hidden = false;
    $('stop').focus();
  }).catch(() => { drop(); explain(say.silent); });
}

function stop() { if (tape) tape.end(() => $('send').focus()); }

function send() {
  if (tape) { tape.end(send); return; }
  const text = words.value, thing = held;
  words.value = '';
  grow();
  if (EXITS.indexOf(text.trim().toLowerCase()) >= 0) { exit(); return; }
  chooseTyped(text);
  if (text.trim()) tell({ text }, text);
  drop();
  if (thing) tell(thing, thing.title); else words.focus();
}

function grow() {
  words.style.height = 'auto';
  words.style.height = words.scrollHeight + 2 + 'px';
}

// Gone from the screen at once; the bot still hears it, so that it ends the talk, but nobody waits longer than this.
// It hears the one word that is no answer to anything: others of them can be part of what happened.
function exit() {
  document.body.hidden = true;
  drop();
  setTimeout(leave, 2000);
  tell({ text: EXITS[0], exits: true }, '');
}

function leave() { if (!gone) wipe(); location.replace('about:blank'); }

// The next person finds a page that was never used; where there is no connection, a blank one until there is.
function next() {
  wipe();
  const anew = () => location.replace(location.pathname + location.search);
  if (navigator.onLine === false) on(window, 'online', anew); else anew();
}

function wipe() {
  gone = true;
  drop();
  hangUp();
  forget();
  words.value = document.body.textContent = '';
}

let escaped = -Infinity;
on(document, 'keydown', (press) => {
  if (press.key !== 'Escape' || press.isComposing) return;
  if (press.timeStamp - escaped < 1500) leave();
  escaped = press.timeStamp;
});
// Enter sends where there is a keyboard; on a telephone it begins a new line.
on(words, 'keydown', (press) => {
  if (press.key !== 'Enter' || press.shiftKey || press.isComposing || !matchMedia('(pointer: fine)').matches) return;
  press.preventDefault();
  send();
});
on(words, 'input', grow);
on($('send'), 'click', send);
on($('leave'), 'click', leave);
on($('next'), 'click', next);
on($('print'), 'click', () => print());
on($('stop'), 'click', stop);
on($('drop'), 'click', () => { drop(); words.focus(); });
on($('voice'), 'click', record);
on($('file'), 'change', () => {
  const file = $('file').files[0];
  if (file) hold(file, file.type, file.name);
  $('file').value = '';
  $('send').focus();
});
on(window, 'online', wakeAll);
on(window, 'pagehide', () => { gone = true; hangUp(); });
on(window, 'pageshow', (shown) => { if (shown.persisted) location.reload(); });

$('opening').hidden = true;
$('desk').hidden = false;
$('voice').hidden = !VOICE;
if (ENTERED) {
  $('next').hidden = false;
  $('shared').dataset.say = 'staffed';
  document.body.className = 'entered';
}
speak(WORDS[spoken] ? spoken : 'en');
choose(kept('language'));
person = kept('person');
if (person) start(); else begin(0);
}());
