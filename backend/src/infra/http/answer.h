// What handlers answer beside a plain described value (which is 200 with that value as JSON).
#pragma once

#include "core/describe/schema.h"
#include "core/describe/writer.h"
#include "core/id.h"
#include "infra/http/message.h"

#include <fmt/format.h>

#include <optional>
#include <string>

namespace afterresume::http {

// 200 with an ETag made of the row's version; 304 when the caller has that version.
template <class T>
struct Versioned {
    T value;
    std::int64_t version;
};
// A value that tells its version itself.
template <class T>
Versioned<T> versioned(T value) {
    auto version = value.version;
    return {std::move(value), version};
}

// 201 with Location and, when versioned, ETag.
template <class T>
struct Created {
    T value;
    std::string location;
    std::optional<std::int64_t> version;
};

template <class T, class... Parts>
Created<T> created(T value, fmt::format_string<Parts...> location, Parts&&... parts) {
    return {std::move(value), fmt::format(location, std::forward<Parts>(parts)...), std::nullopt};
}

// 204.
struct NoContent {};

// 202 for work that became a job.
struct Accepted {
    Uuid job_id;
    std::string status = "queued";
    std::string message = "Job enqueued";
};
BOOST_DESCRIBE_STRUCT(Accepted, (), (job_id, status, message))

std::string etag(std::int64_t version);

Response json_response(int status, std::string body);

template <class T>
struct Answer {
    static constexpr int status = 200;
    static Response make(const T& value) { return json_response(status, describe::to_json(value)); }
    static Json schema(describe::Schemas& schemas) { return schemas.of<T>(); }
};

template <class T>
struct Answer<Versioned<T>> {
    static constexpr int status = 200;
    static Response make(const Versioned<T>& answer) {
        auto response = json_response(status, describe::to_json(answer.value));
        response.headers.emplace_back("ETag", etag(answer.version));
        return response;
    }
    static Json schema(describe::Schemas& schemas) { return schemas.of<T>(); }
};

template <class T>
struct Answer<Created<T>> {
    static constexpr int status = 201;
    static Response make(const Created<T>& answer) {
        auto response = json_response(status, describe::to_json(answer.value));
        response.headers.emplace_back("Location", answer.location);
        if (answer.version) response.headers.emplace_back("ETag", etag(*answer.version));
        return response;
    }
    static Json schema(describe::Schemas& schemas) { return schemas.of<T>(); }
};

template <>
struct Answer<Accepted> {
    static constexpr int status = 202;
    static Response make(const Accepted& answer) {
        auto response = json_response(status, describe::to_json(answer));
        response.headers.emplace_back(
            "Location", fmt::format("/api/jobs/{}/", answer.job_id.text())
        );
        return response;
    }
    static Json schema(describe::Schemas& schemas) { return schemas.of<Accepted>(); }
};

template <>
struct Answer<NoContent> {
    static constexpr int status = 204;
    static Response make(const NoContent&) { return json_response(status, {}); }
    static Json schema(describe::Schemas&) { return nullptr; }
};

// Sets a cookie beside the answer T; none when it is empty.
template <class T>
struct WithCookie {
    T answer;
    std::string cookie;
};

template <class T>
struct Answer<WithCookie<T>> {
    static constexpr int status = Answer<T>::status;
    static Response make(const WithCookie<T>& with) {
        auto response = Answer<T>::make(with.answer);
        if (!with.cookie.empty()) response.headers.emplace_back("Set-Cookie", with.cookie);
        return response;
    }
    static Json schema(describe::Schemas& schemas) { return Answer<T>::schema(schemas); }
};

// A handler that makes its own response: files, pages. The route says what it gives.
template <>
struct Answer<Response> {
    static constexpr int status = 200;
    static Response make(Response response) { return response; }
    static Json schema(describe::Schemas&) { return nullptr; }
};

// The same, where the body is a T as long as it is JSON.
template <class T>
struct ResponseOf {
    Response response;
};

template <class T>
struct Answer<ResponseOf<T>> {
    static constexpr int status = 200;
    static Response make(ResponseOf<T> answer) { return std::move(answer.response); }
    static Json schema(describe::Schemas& schemas) { return schemas.of<T>(); }
};

}  // namespace afterresume::http
