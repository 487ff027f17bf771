"""Who hears of what: notices from the journal's outbox, reminders, what is mailed and what people want to hear."""
