// Platform/MailDelivery
