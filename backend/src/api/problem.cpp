#include "api/problem.h"

#include "core/describe/writer.h"
#include "features/tenants/limits.h"
#include "infra/http/status.h"

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

// Of a quota, what there may be and is.
struct QuotaProblem : Problem {
    tenants::QuotaState quota;
};
BOOST_DESCRIBE_STRUCT(QuotaProblem, (Problem), (quota))

template <class P>
http::Response render(const P& problem) {
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

http::Response problem(const Error& error, const Uuid& correlation) {
    auto status = http::status_of(error.kind());
    // What went wrong inside is in the log under the correlation id, and only there.
    std::string_view sentence =
        status == 500 ? "Something went wrong here; the log knows it by this correlation id."
                      : error.what();
    auto body = base(status, error.code(), sentence, correlation);
    body.errors = error.fields();
    const auto* quota = dynamic_cast<const tenants::QuotaExceeded*>(&error);
    auto response = quota == nullptr ? render(body) : render(QuotaProblem{body, quota->state()});
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
