// Practices/DeviceTrust
