void check(SecTrustRef trust) {
    // ruleid: outdated-security-api
    SecTrustEvaluate(trust, &result);
    // ok: outdated-security-api
    SecTrustEvaluateWithError(trust, &error);
}
