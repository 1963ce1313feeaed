// Client/AppleStubs
