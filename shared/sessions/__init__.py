"""Sessions of all kinds: session, events, log and transcript."""
