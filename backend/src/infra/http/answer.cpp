#include "infra/http/answer.h"

namespace afterresume::http {

std::string etag(std::int64_t version) { return fmt::format("\"{}\"", version); }

Response json_response(int status, std::string body) {
    Response response;
    response.status = status;
    if (!body.empty()) response.content_type = "application/json";
    response.body = std::move(body);
    return response;
}

}  // namespace afterresume::http
