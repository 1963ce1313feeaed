// Client/SDK
