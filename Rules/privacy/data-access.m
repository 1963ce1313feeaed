#import <CoreLocation/CoreLocation.h>

@implementation Tracking

- (void)send:(NSString *)email {
    // ruleid: personal-data-to-analytics
    [FIRAnalytics logEventWithName:@"signup" parameters:@{@"email": email}];
    // ok: personal-data-to-analytics
    [FIRAnalytics logEventWithName:@"signup" parameters:@{@"count": @1}];
    // ruleid: person-named-to-analytics
    [FIRAnalytics setUserID:self.email];
    // ok: person-named-to-analytics
    [FIRAnalytics setUserID:self.installation];
}

- (void)locate:(CLLocationManager *)manager {
    // ruleid: location-always
    [manager requestAlwaysAuthorization];
    // ok: location-always
    [manager requestWhenInUseAuthorization];
    // ruleid: location-precise
    manager.desiredAccuracy = kCLLocationAccuracyBestForNavigation;
    // ok: location-precise
    manager.desiredAccuracy = kCLLocationAccuracyHundredMeters;
    // ruleid: whole-collection-instead-of-picker
    [store requestAccessForEntityType:CNEntityTypeContacts completionHandler:handler];
    // ok: whole-collection-instead-of-picker
    [self presentViewController:picker animated:YES completion:nil];
    // ruleid: health-data
    [health requestAuthorizationToShareTypes:nil readTypes:types completion:handler];
    // ok: health-data
    [center requestAuthorizationWithOptions:options completionHandler:handler];
}

@end
