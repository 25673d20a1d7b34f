"""The tables: the only place that speaks SQL."""
