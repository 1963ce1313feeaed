// Server/Gateway
