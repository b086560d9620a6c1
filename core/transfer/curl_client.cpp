// SPDX-License-Identifier: Apache-2.0
// The only includer of curl.h. Nothing may be thrown through libcurl: every callback keeps its
// error in the Exchange and tells libcurl to stop.
#include "core/transfer/curl_client.h"

#include "core/util/guarded.h"
#include "core/util/handle.h"
#include "core/util/text.h"
#include "core/util/url.h"
#include "core/util/version.h"

#include <curl/curl.h>

#include <mutex>

namespace railhub::transfer {

namespace {

using Easy = util::Handle<CURL, curl_easy_cleanup>;
using HeaderList = util::Handle<curl_slist, curl_slist_free_all>;

// Typed doors to the variadic setopt: a wrong width there is silent memory damage.
void set(CURL* easy, CURLoption option, long value) {
    curl_easy_setopt(easy, option, value);
}

void set(CURL* easy, CURLoption option, const char* value) {
    curl_easy_setopt(easy, option, value);
}

void set(CURL* easy, CURLoption option, const std::string& value) {
    curl_easy_setopt(easy, option, value.c_str());
}

void set(CURL* easy, CURLoption option, void* value) {
    curl_easy_setopt(easy, option, value);
}

void set_size(CURL* easy, CURLoption option, std::uint64_t value) {
    curl_easy_setopt(easy, option, static_cast<curl_off_t>(value));
}

template <class Function>
void set_callback(CURL* easy, CURLoption option, Function* function) {
    curl_easy_setopt(easy, option, function);
}

template <class T>
void set(CURL*, CURLoption, T) = delete;

// One request under way: what the callbacks need, and the first error one of them met.
struct Exchange {
    const util::Context& ctx;
    const HttpRequest& request;
    ResponseSink* sink;
    CURL* easy;
    HttpResponse response = {};
    std::unique_ptr<util::Reader> body = {};
    std::optional<util::Error> error = {};
    bool sink_has_begun = false;
};

std::size_t take_header(char* data, std::size_t /*one*/, std::size_t length, void* user) {
    auto& exchange = *static_cast<Exchange*>(user);
    const std::string_view line = util::trim(std::string_view(data, length));
    if (line.starts_with("HTTP/")) {
        exchange.response.headers.clear(); // of an interim answer such as 100 Continue
        return length;
    }
    const auto colon = line.find(':');
    if (colon != std::string_view::npos) {
        exchange.response.headers.emplace_back(
            std::string(line.substr(0, colon)), std::string(util::trim(line.substr(colon + 1)))
        );
    }
    return length;
}

util::Result<> feed_sink(Exchange& exchange, util::ByteView bytes) {
    if (!exchange.sink_has_begun) {
        exchange.sink_has_begun = true;
        RAILHUB_TRY(exchange.sink->begin(exchange.response));
    }
    return bytes.empty() ? util::Result<>() : exchange.sink->write(bytes);
}

std::size_t take_body(char* data, std::size_t /*one*/, std::size_t length, void* user) {
    auto& exchange = *static_cast<Exchange*>(user);
    long status = 0;
    curl_easy_getinfo(exchange.easy, CURLINFO_RESPONSE_CODE, &status);
    exchange.response.status = static_cast<int>(status);
    if (exchange.sink == nullptr || !exchange.response.is_success()) {
        std::string& text = exchange.response.body;
        text.append(data, std::min(length, kMaxTextBody - text.size()));
        return length;
    }
    auto taken = feed_sink(exchange, util::as_bytes(std::string_view(data, length)));
    if (!taken.ok()) {
        exchange.error = std::move(taken).error();
        return 0;
    }
    return length;
}

std::size_t give_body(char* into, std::size_t /*one*/, std::size_t room, void* user) {
    auto& exchange = *static_cast<Exchange*>(user);
    auto count = exchange.body->read({reinterpret_cast<std::uint8_t*>(into), room});
    if (!count.ok()) {
        exchange.error = std::move(count).error();
        return CURL_READFUNC_ABORT;
    }
    return *count;
}

int rewind_body(void* user, curl_off_t offset, int origin) {
    auto& exchange = *static_cast<Exchange*>(user);
    if (offset != 0 || origin != SEEK_SET) {
        return CURL_SEEKFUNC_CANTSEEK;
    }
    auto body = exchange.request.body->open();
    if (!body.ok()) {
        exchange.error = std::move(body).error();
        return CURL_SEEKFUNC_FAIL;
    }
    exchange.body = std::move(body).value();
    return CURL_SEEKFUNC_OK;
}

int watch_stop(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    auto& exchange = *static_cast<Exchange*>(user);
    if (exchange.ctx.stop.stop_requested()) {
        exchange.error = util::fail(util::Code::Cancelled, "interrupted");
        return 1;
    }
    return 0;
}

void set_method(CURL* easy, const HttpRequest& request) {
    set(easy, CURLOPT_CUSTOMREQUEST, std::string(method_word(request.method)));
    if (request.method == HttpMethod::Head) {
        set(easy, CURLOPT_NOBODY, 1L);
    }
}

util::Result<> set_body(Exchange& exchange) {
    CURL* easy = exchange.easy;
    if (!exchange.request.body) {
        const HttpMethod method = exchange.request.method;
        if (method == HttpMethod::Post || method == HttpMethod::Put) {
            set(easy, CURLOPT_POSTFIELDS, "");
            set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, 0);
        }
        return {};
    }
    RAILHUB_TRY(exchange.body, exchange.request.body->open());
    set(easy, CURLOPT_UPLOAD, 1L);
    set(easy, CURLOPT_UPLOAD_BUFFERSIZE, 2L * 1024 * 1024);
    set_callback(easy, CURLOPT_READFUNCTION, give_body);
    set(easy, CURLOPT_READDATA, static_cast<void*>(&exchange));
    set_callback(easy, CURLOPT_SEEKFUNCTION, rewind_body);
    set(easy, CURLOPT_SEEKDATA, static_cast<void*>(&exchange));
    if (exchange.request.body->size) {
        set_size(easy, CURLOPT_INFILESIZE_LARGE, *exchange.request.body->size);
    }
    return {};
}

HeaderList header_list(const HttpRequest& request) {
    HeaderList list;
    const auto append = [&list](const std::string& line) {
        list.reset(curl_slist_append(list.release(), line.c_str()));
    };
    for (const auto& [name, value] : request.headers) {
        append(value.empty() ? name + ";" : name + ": " + value);
    }
    const bool has_type =
        std::any_of(request.headers.begin(), request.headers.end(), [](const auto& header) {
            return util::equal_ignore_case(header.first, "content-type");
        });
    if (!has_type) {
        append("Content-Type:"); // libcurl would claim a form
    }
    return list;
}

void set_always(Exchange& exchange) {
    CURL* easy = exchange.easy;
    set(easy, CURLOPT_URL, exchange.request.url);
    set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_USERAGENT, "railhub/" + std::string(util::kVersion));
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_FOLLOWLOCATION, 0L);
    set(easy, CURLOPT_TCP_NODELAY, 1L);
    set(easy, CURLOPT_BUFFERSIZE, 512L * 1024);
    set(easy,
        CURLOPT_CONNECTTIMEOUT_MS,
        static_cast<long>(exchange.request.timeouts.connect.count()));
    set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(exchange.request.timeouts.total.count()));
    set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(exchange.request.timeouts.stall.count()));
    set_callback(easy, CURLOPT_HEADERFUNCTION, take_header);
    set(easy, CURLOPT_HEADERDATA, static_cast<void*>(&exchange));
    set_callback(easy, CURLOPT_WRITEFUNCTION, take_body);
    set(easy, CURLOPT_WRITEDATA, static_cast<void*>(&exchange));
    set(easy, CURLOPT_NOPROGRESS, 0L);
    set_callback(easy, CURLOPT_XFERINFOFUNCTION, watch_stop);
    set(easy, CURLOPT_XFERINFODATA, static_cast<void*>(&exchange));
}

std::string lower_first(std::string text) {
    if (text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a') {
        text[0] = static_cast<char>(text[0] - 'A' + 'a');
    }
    return text;
}

util::Error describe(const Exchange& exchange, CURLcode code, const char* detail) {
    std::string where = exchange.request.url;
    if (const auto url = util::Url::parse(where); url.ok()) {
        where = url->redacted();
    }
    const std::string why = lower_first(detail[0] != '\0' ? detail : curl_easy_strerror(code));
    const std::string message =
        "cannot " + std::string(method_word(exchange.request.method)) + " '" + where + "': " + why;
    const bool is_bad_url = code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL;
    if (is_bad_url) {
        return util::fail(util::Code::InvalidInput, message);
    }
    const bool is_unreachable = code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST;
    return util::fail(
        util::Code::Unavailable,
        message,
        is_unreachable ? "is the hub running there? 'railhub doctor' checks the way to it" : ""
    );
}

util::Result<HttpResponse> perform(Exchange& exchange) {
    char detail[CURL_ERROR_SIZE] = "";
    set(exchange.easy, CURLOPT_ERRORBUFFER, static_cast<void*>(detail));
    const CURLcode code = curl_easy_perform(exchange.easy);
    long status = 0;
    curl_easy_getinfo(exchange.easy, CURLINFO_RESPONSE_CODE, &status);
    exchange.response.status = static_cast<int>(status);
    if (exchange.error) {
        return *std::move(exchange.error);
    }
    // A peer that refuses a body answers before it has read all of it; that answer counts.
    const bool refused = (code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR) && status >= 400;
    if (code != CURLE_OK && !refused) {
        return describe(exchange, code, detail);
    }
    if (exchange.sink != nullptr && exchange.response.is_success() && !exchange.sink_has_begun) {
        RAILHUB_TRY(feed_sink(exchange, {})); // an empty body
    }
    return std::move(exchange.response);
}

} // namespace

struct CurlClient::Pool {
    util::Guarded<std::vector<Easy>> idle;
};

CurlClient::CurlClient() : pool_(std::make_unique<Pool>()) {
    static std::once_flag once; // libcurl's own global state
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

CurlClient::~CurlClient() = default;

util::Result<HttpResponse>
CurlClient::send(const util::Context& ctx, const HttpRequest& request, ResponseSink* sink) {
    RAILHUB_TRY(ctx.check_stop());
    Easy easy;
    if (auto idle = pool_->idle.access(); !idle->empty()) {
        easy = std::move(idle->back());
        idle->pop_back();
    }
    if (!easy) {
        easy.reset(curl_easy_init());
    }
    if (!easy) {
        return util::fail(util::Code::Io, "cannot start an HTTP request: out of memory");
    }
    Exchange exchange{ctx, request, sink, easy.get()};
    exchange.response.url = request.url;
    set_always(exchange);
    set_method(easy.get(), request);
    auto result = [&]() -> util::Result<HttpResponse> {
        RAILHUB_TRY(set_body(exchange));
        const HeaderList headers = header_list(request);
        set(easy.get(), CURLOPT_HTTPHEADER, static_cast<void*>(headers.get()));
        return perform(exchange);
    }();
    curl_easy_reset(easy.get()); // options only; connections stay
    pool_->idle.access()->push_back(std::move(easy));
    return result;
}

std::string curl_version_text() {
    return std::string("libcurl/") + curl_version_info(CURLVERSION_NOW)->version;
}

} // namespace railhub::transfer
