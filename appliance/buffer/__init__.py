"""Between receiving and storing: the only place that speaks Redis."""
