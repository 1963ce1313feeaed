// Practices/Monitoring
