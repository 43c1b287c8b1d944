"""The managers' guide: what docs/guide holds, as pages of the app, each with a link from the pages it is about."""
