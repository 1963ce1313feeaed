// Server/HTTP
