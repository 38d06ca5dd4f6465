// gzip for response bodies. A Gzip keeps its working memory (about 260 KB) between bodies; one
// thread at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace afterresume::http {

class Gzip {
public:
    Gzip();
    ~Gzip();
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;

    std::string compress(std::string_view bytes);

private:
    std::unique_ptr<z_stream_s> stream_;
};

// Whether an Accept-Encoding header allows gzip (RFC 9110, section 12.5.3); an absent one does not.
bool accepts_gzip(std::string_view accept_encoding);
// Text, JSON, XML, JavaScript, SVG: what gets smaller.
bool is_compressible(std::string_view content_type);

}  // namespace afterresume::http
