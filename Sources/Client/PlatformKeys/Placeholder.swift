// Client/PlatformKeys
