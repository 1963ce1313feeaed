// Platform/QRCode
