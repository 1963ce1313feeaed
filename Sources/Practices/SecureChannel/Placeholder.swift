// Practices/SecureChannel
