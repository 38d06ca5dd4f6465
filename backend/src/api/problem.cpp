#include "api/problem.h"

#include "core/describe/writer.h"

#include <boost/beast/http/status.hpp>

namespace afterresume {

BOOST_DESCRIBE_STRUCT(FieldError, (), (pointer, message))

}  // namespace afterresume

namespace afterresume::api {

namespace {

struct Problem {
    std::string type;
    std::string title;
    std::int64_t status = 500;
    std::string detail;
    std::string code;
    Uuid correlation_id;
    std::vector<FieldError> errors;
};
BOOST_DESCRIBE_STRUCT(Problem, (), (type, title, status, detail, code, correlation_id, errors))

http::Response render(const Problem& problem) {
    http::Response response;
    response.status = static_cast<int>(problem.status);
    response.content_type = "application/problem+json";
    response.body = describe::to_json(problem);
    return response;
}

Problem base(
    int status, std::string_view code, std::string_view sentence, const Uuid& correlation
) {
    auto title =
        boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
    return Problem{"about:blank",     std::string(title), status, std::string(sentence),
                   std::string(code), correlation,        {}};
}

}  // namespace

int status_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::malformed:
            return 400;
        case ErrorKind::unauthenticated:
            return 401;
        case ErrorKind::insufficient_credit:
            return 402;
        case ErrorKind::forbidden:
            return 403;
        case ErrorKind::not_found:
            return 404;
        case ErrorKind::conflict:
            return 409;
        case ErrorKind::gone:
            return 410;
        case ErrorKind::precondition:
            return 412;
        case ErrorKind::too_large:
            return 413;
        case ErrorKind::unsupported:
            return 415;
        case ErrorKind::invalid:
            return 422;
        case ErrorKind::precondition_required:
            return 428;
        case ErrorKind::rate_limited:
        case ErrorKind::quota_exceeded:
            return 429;
        case ErrorKind::upstream:
            return 502;
        case ErrorKind::unavailable:
            return 503;
        case ErrorKind::storage_full:
            return 507;
        case ErrorKind::internal:
            break;
    }
    return 500;
}

http::Response problem(const Error& error, const Uuid& correlation) {
    auto status = status_of(error.kind());
    // What went wrong inside is in the log under the correlation id, and only there.
    std::string_view sentence =
        status == 500 ? "Something went wrong here; the log knows it by this correlation id."
                      : error.what();
    auto body = base(status, error.code(), sentence, correlation);
    body.errors = error.fields();
    auto response = render(body);
    if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
    auto wait = error.retry_after();
    if (!wait && status == 503) wait = 1;
    if (wait) response.headers.emplace_back("Retry-After", std::to_string(*wait));
    return response;
}

http::Response problem(
    int status, std::string_view code, std::string_view sentence, const Uuid& correlation
) {
    auto response = render(base(status, code, sentence, correlation));
    if (status == 503) response.headers.emplace_back("Retry-After", "1");
    return response;
}

}  // namespace afterresume::api
