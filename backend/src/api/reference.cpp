#include "api/reference.h"

#include "api/openapi.h"
#include "core/program.h"
#include "embedded/docs_page.h"

namespace afterresume::api {

namespace {

http::Response text_response(std::string_view text, std::string media_type) {
    http::Response response;
    response.content_type = std::move(media_type);
    response.body = std::string(text);
    response.headers.emplace_back("Cache-Control", "no-cache");
    return response;
}

std::string media_type_of(std::string_view name) {
    if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
    if (name.ends_with(".css")) return "text/css; charset=utf-8";
    if (name.ends_with(".svg")) return "image/svg+xml";
    return "text/html; charset=utf-8";
}

}  // namespace

http::Routes Reference::routes() {
    using http::Transaction;
    return {
        get("/api/openapi.json", "The OpenAPI document of this API", http::anybody,
            &Reference::document)
            .in(Transaction::none)
            .giving({"application/json"}),
        get("/api/docs/", "A page to read and try this API", http::anybody, &Reference::page)
            .in(Transaction::none)
            .giving({"text/html"}),
        get("/api/docs/{file}", "Parts of that page", http::anybody, &Reference::asset)
            .in(Transaction::none)
            .giving({"text/html", "text/css", "text/javascript", "image/svg+xml"}),
    };
}

Task<http::Response> Reference::document(http::Call&) {
    if (document_.empty()) document_ = openapi_document(*all_, program_version);
    co_return text_response(document_, "application/json");
}

Task<http::Response> Reference::page(http::Call& call) {
    co_return co_await asset(call, "index.html");
}

Task<http::Response> Reference::asset(http::Call&, std::string name) {
    for (const auto& file : embedded::docs_page()) {
        if (file.name == name) co_return text_response(file.text, media_type_of(name));
    }
    throw Error::not_found("page");
}

}  // namespace afterresume::api
