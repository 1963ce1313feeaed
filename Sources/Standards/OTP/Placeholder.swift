// Standards/OTP
