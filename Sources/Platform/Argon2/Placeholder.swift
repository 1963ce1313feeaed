// Platform/Argon2
