"""REGISTER messages to registrations: who is bound to which contact, since when and for how long."""
