// Practices/Sessions
