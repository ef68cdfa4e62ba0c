"""The kinds of rule. Each says when a contact breaks it, until when, and what that rests on."""
