#import <UIKit/UIKit.h>

// ruleid: custom-keyboards-allowed
@implementation OpenAppDelegate

- (void)viewDidLoad {
    // ruleid: secret-field-in-clear
    self.passwordField.secureTextEntry = NO;
    // ruleid: keyboard-learns-secret
    self.pinField.autocorrectionType = UITextAutocorrectionTypeYes;
    // ok: keyboard-learns-secret
    self.pinField.autocorrectionType = UITextAutocorrectionTypeNo;
    self.emailField.placeholder = @"Email address";
    // ruleid: keyboard-learns-personal-data
    self.emailField.autocorrectionType = UITextAutocorrectionTypeDefault;
    // ok: secret-field-in-clear
    self.nameField.secureTextEntry = NO;
}

- (void)ask:(UIAlertController *)alert {
    // ruleid: secret-field-in-clear
    [alert addTextFieldWithConfigurationHandler:^(UITextField *field) {
        field.placeholder = @"Password";
    }];
    // ok: secret-field-in-clear
    [alert addTextFieldWithConfigurationHandler:^(UITextField *field) {
        field.placeholder = @"Password";
        field.secureTextEntry = YES;
    }];
}

@end
