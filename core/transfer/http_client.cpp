// SPDX-License-Identifier: Apache-2.0
// The values of the HTTP seam.
#include "core/transfer/http_client.h"

#include "core/util/text.h"

namespace railhub::transfer {

namespace {

// Owns its text, unlike util::MemoryReader.
class TextReader final : public util::Reader {
  public:
    explicit TextReader(std::shared_ptr<const std::string> text)
        : text_(std::move(text)), reader_(std::string_view(*text_)) {}

    util::Result<std::size_t> read(std::span<std::uint8_t> into) override {
        return reader_.read(into);
    }

  private:
    std::shared_ptr<const std::string> text_; // shared by repeated sends of one body
    util::MemoryReader reader_;
};

} // namespace

std::string_view method_word(HttpMethod method) {
    switch (method) {
    case HttpMethod::Get:
        return "GET";
    case HttpMethod::Head:
        return "HEAD";
    case HttpMethod::Post:
        return "POST";
    case HttpMethod::Put:
        return "PUT";
    case HttpMethod::Delete:
        return "DELETE";
    }
    return "GET";
}

HttpBody text_body(std::string text) {
    const auto shared = std::make_shared<const std::string>(std::move(text));
    return {
        [shared]() -> util::Result<std::unique_ptr<util::Reader>> {
            return std::unique_ptr<util::Reader>(std::make_unique<TextReader>(shared));
        },
        shared->size()};
}

const std::string* HttpResponse::find(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (util::equal_ignore_case(key, name)) {
            return &value;
        }
    }
    return nullptr;
}

std::string_view HttpResponse::text(std::string_view name) const {
    const std::string* value = find(name);
    return value == nullptr ? std::string_view() : std::string_view(*value);
}

bool HttpResponse::is_redirect() const {
    const bool is_code =
        status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    return is_code && find("location") != nullptr;
}

} // namespace railhub::transfer
