"""Waits: deadlines, follow-ups, announcements, retention; posts letters, sends nothing, holds no key."""
