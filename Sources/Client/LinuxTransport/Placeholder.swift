// Client/LinuxTransport
