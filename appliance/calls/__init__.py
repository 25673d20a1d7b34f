"""Messages of a call -> call record, order, ladder. Pure."""
