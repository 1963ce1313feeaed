// Server/Configuration
