#include "shims.h"

#include <string.h>

CURLcode buckler_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

CURLcode buckler_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

CURLcode buckler_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

CURLcode buckler_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static size_t read_body(char *buffer, size_t size, size_t count, void *context) {
    struct buckler_curl_body *body = context;
    size_t room = size * count;
    size_t rest = body->count - body->taken;
    size_t step = rest < room ? rest : room;
    memcpy(buffer, body->bytes + body->taken, step);
    body->taken += step;
    return step;
}

CURLcode buckler_curl_set_body(CURL *handle, struct buckler_curl_body *body) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_READFUNCTION, read_body);
    if (code != CURLE_OK) return code;
    code = curl_easy_setopt(handle, CURLOPT_READDATA, body);
    if (code != CURLE_OK) return code;
    return curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
}

static size_t discard(char *buffer, size_t size, size_t count, void *context) {
    (void)buffer;
    (void)context;
    return size * count;
}

CURLcode buckler_curl_discard_output(CURL *handle) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, discard);
    if (code != CURLE_OK) return code;
    return curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, discard);
}
