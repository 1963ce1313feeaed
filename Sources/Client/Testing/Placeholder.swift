// Client/Testing
