#ifndef BUCKLER_CURL_SHIMS_H
#define BUCKLER_CURL_SHIMS_H

#include <curl/curl.h>

// curl_easy_setopt and curl_easy_getinfo are variadic, and Swift calls no variadic functions: one shim for each type of
// value.

CURLcode buckler_curl_set_long(CURL *handle, CURLoption option, long value);
CURLcode buckler_curl_set_text(CURL *handle, CURLoption option, const char *value);
CURLcode buckler_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
CURLcode buckler_curl_get_long(CURL *handle, CURLINFO info, long *value);

// The body of a mail: bytes and how many of them were taken. The caller keeps it until curl_easy_perform returns.
struct buckler_curl_body {
    const unsigned char *bytes;
    size_t count;
    size_t taken;
};

// Makes libcurl read the upload from `body`.
CURLcode buckler_curl_set_body(CURL *handle, struct buckler_curl_body *body);

// Throws away what the server says beyond its reply codes.
CURLcode buckler_curl_discard_output(CURL *handle);

#endif
