"""What a file is: its own bytes say it, and nothing that could run is ever taken for something else."""

from __future__ import annotations

import pytest

from house.contents import ENDINGS, Seen
from tests.bot.pictures import MP3, OGG, PDF, WAV, box, jpeg, packed, picture, webm

KNOWN = {
    "a photo": (jpeg(), "photo", "image/jpeg"),
    "a screenshot": (picture("PNG", "RGBA"), "photo", "image/png"),
    "a sticker": (picture("WEBP"), "photo", "image/webp"),
    "a moving picture": (picture("GIF", "P"), "photo", "image/gif"),
    "a voice note of Telegram": (OGG, "voice", "audio/ogg"),
    "a song": (MP3, "voice", "audio/mpeg"),
    "a song with a title": (b"ID3\x04\x00\x00\x00\x00\x00\x10title", "voice", "audio/mpeg"),
    "a recording of an iPhone": (box(b"M4A ", b"soun"), "voice", "audio/mp4"),
    "a recording in a film's box": (box(b"isom", b"soun"), "voice", "audio/mp4"),
    "a recording of an old phone": (b"#!AMR\n" + bytes(60), "voice", "audio/amr"),
    "a recording in 3GP": (box(b"3gp4", b"soun"), "voice", "audio/mp4"),
    "a recording of our page": (webm(b"A_OPUS"), "voice", "audio/webm"),
    "a recording of a computer": (WAV, "voice", "audio/wav"),
    "a film": (box(b"mp42", b"soun", b"vide"), "file", "video/mp4"),
    "a film of an iPhone": (box(b"qt  ", b"vide"), "file", "video/quicktime"),
    "a film of an old phone": (box(b"3gp5", b"vide"), "file", "video/3gpp"),
    "a film of our page": (webm(b"V_VP9" + bytes(9) + b"A_OPUS"), "file", "video/webm"),
    "a letter": (PDF, "file", "application/pdf"),
    "a Word letter": (packed("[Content_Types].xml", "word/document.xml"), "file", "application/zip"),
    "a letter of LibreOffice": (packed("mimetype", "content.xml").replace(
        b"mimetypex", b"mimetypeapplication/vnd.oasis.opendocument.text"), "file", "application/zip"),
    "an old Word letter": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500), "file", "application/x-ole-storage"),
    "notes": ("l'eau n'est pas propre, écrivez à <amina@example.org> <3\n".encode() * 200, "file", "text/plain"),
    "notes of an old computer": ("l'eau n'est pas propre été\n".encode("cp1252"), "file", "text/plain"),
    "notes in Arabic": ("الماء غير نظيف\n".encode() * 500, "file", "text/plain"),
}  # fmt: skip

UNKNOWN = {
    "nothing": b"",
    "a program": b"\x7fELF\x02\x01\x01" + bytes(60),
    "a Windows program": b"MZ\x90\x00" + bytes(60) + b"PE\x00\x00",
    "an Android program": packed("AndroidManifest.xml", "classes.dex"),
    "an archive": packed("run.exe"),
    "a shell script": b"#!/bin/sh\nrm -rf /",
    "a batch file": b"@echo off\r\ndel *",
    "a page": b"<html><script>alert(1)</script>",
    "a page after a blank": b"\n \t<!DOCTYPE html>",
    "a page behind words": b"hello " * 20 + b"<script>alert(1)</script>",
    "a drawing with scripts": b"<?xml version='1.0'?><svg onload='x'/>",
    "PHP": b"words <?php system($x);",
    "a page that claims to be a letter": b"<html>%PDF-1.4",
    "rich text": b"{\\rtf1 words}",
    "words with a zero": b"words \x00 words",
    "words that turn into a program later": b"words " * 3000 + b"\x7fELF\x00",
    "random bytes": bytes(range(128, 256)) * 9,
    "a photo of a kind we cannot draw": box(b"heic"),
    "an unknown box": box(b"what", b"soun"),
    "a film in another box": bytes.fromhex("1a45dfa3") + b"matroska",
    "two bytes of a song": b"\xff\xfb\x90\x00" + bytes(900),
}


def _seen(content: bytes, cut: int) -> Seen:
    seen = Seen()
    for at in range(0, len(content), cut):
        seen.look(content[at : at + cut])
    return seen


@pytest.mark.parametrize("cut", [1, 13, 65536])
@pytest.mark.parametrize("what", KNOWN)
def test_what_people_send_is_recognised(what: str, cut: int) -> None:
    """However it trickles in."""
    content, kind, type_ = KNOWN[what]

    found = _seen(content, cut).content()

    assert found is not None
    assert (kind, type_) == (found.kind, found.type)
    assert type_ in ENDINGS


@pytest.mark.parametrize("what", UNKNOWN)
def test_what_could_run_or_is_unheard_of_is_not_taken(what: str) -> None:
    """Programs, scripts, pages and whatever is not on the list."""
    assert _seen(UNKNOWN[what], 4096).content() is None
