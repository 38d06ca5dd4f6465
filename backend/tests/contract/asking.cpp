// How people ask the program, and what is checked of every answer.
#include "program.h"

#include "app/composition.h"
#include "core/describe/reader.h"

#include <boost/json/serialize.hpp>

namespace afterresume::contract {

namespace {

// Takes a streamed body as a client does that reads it to its end.
class Reader : public http::BodyWriter {
public:
    explicit Reader(std::string& body) : body_(body) {}
    Task<void> write(std::string_view bytes) override {
        body_ += bytes;
        co_return;
    }
    bool ended() const override { return false; }
    void on_end(std::function<void()>) override {}

private:
    std::string& body_;
};

// What RFC 9457 and our own word promise of every answer.
void check(const Answer& answer, const std::string& what) {
    SCOPED_TRACE(what + " → " + std::to_string(answer.status) + " " + answer.body.substr(0, 300));
    auto correlation = Uuid::parse(answer.header("X-Correlation-ID"));
    EXPECT_TRUE(correlation) << "no X-Correlation-ID";
    EXPECT_NE(answer.status, 500);
    if (answer.status < 400) return;
    // Pages say it to people.
    if (what.find(" /s/") != std::string::npos &&
        answer.header("Content-Type").starts_with("text/html"))
        return;
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(answer.number("/status"), answer.status);
    EXPECT_EQ(answer.text("/correlation_id"), answer.header("X-Correlation-ID"));
    for (const auto* field : {"/type", "/title", "/detail", "/code"})
        EXPECT_NE(answer.text(field), "") << field;
    EXPECT_THAT(answer.text("/code"), testing::MatchesRegex("[a-z_]+\\.[a-z_]+"));
    if (answer.status == 401) EXPECT_NE(answer.header("WWW-Authenticate"), "");
    if (answer.status == 405) EXPECT_NE(answer.header("Allow"), "");
    if (answer.status == 429 || answer.status == 503) EXPECT_NE(answer.header("Retry-After"), "");
}

}  // namespace

Json Answer::at(std::string_view pointer) const {
    auto json = describe::parse_json(body);
    boost::system::error_code failure;
    const auto* found = json.find_pointer(pointer, failure);
    return found != nullptr ? *found : Json(nullptr);
}

std::string Answer::text(std::string_view pointer) const {
    auto json = at(pointer);
    return json.is_string() ? std::string(json.as_string()) : boost::json::serialize(json);
}

std::int64_t Answer::number(std::string_view pointer) const {
    auto json = at(pointer);
    return json.is_int64() ? json.as_int64() : -1;
}

std::size_t Answer::count(std::string_view pointer) const {
    auto json = at(pointer);
    return json.is_array()    ? json.as_array().size()
           : json.is_object() ? json.as_object().size()
                              : 0;
}

std::string Answer::header(const std::string& name) const {
    auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
}

std::string Program::fill(std::string text) const {
    for (const auto& [name, value] : remembered_) {
        for (auto at = text.find(name); at != std::string::npos;
             at = text.find(name, at + value.size()))
            text.replace(at, name.size(), value);
    }
    return text;
}

void Program::write(
    http::Request& request, const std::string& method, const std::string& path, Actor as,
    const std::string& body, const Headers& headers
) const {
    request.method = method;
    request.set_target(fill(path));
    // The first of a name counts, so that a test's own stands before ours.
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    request.headers.add("host", "localhost");
    request.headers.add("user-agent", "contract tests");
    if (as != nobody) request.headers.add("authorization", "Bearer " + tokens_.at(as));
    request.body = fill(body);
    request.remote_address = "127.0.0.1";
}

Answer Program::answer_of(http::Response response) {
    Answer answer{response.status, {}, std::move(response.body), {}};
    for (auto& [name, value] : response.headers) answer.headers.emplace(name, std::move(value));
    if (!response.content_type.empty())
        answer.headers.emplace("Content-Type", response.content_type);
    return answer;
}

Answer Program::call(
    const std::string& method, const std::string& path, Actor as, const std::string& body,
    const Headers& headers
) {
    http::Request request;
    write(request, method, path, as, body, headers);
    auto begun = std::chrono::steady_clock::now();
    auto response = run(composition_->gateway.handle(request));
    auto took = std::chrono::steady_clock::now() - begun;
    if (response.stream_length) {
        Reader reader(response.body);
        run_void(response.stream(reader));
        EXPECT_EQ(response.body.size(), *response.stream_length);
    }
    auto answer = answer_of(std::move(response));
    answer.took = took;
    check(answer, method + " " + path);
    return answer;
}

std::vector<Answer> Program::call_at_once(
    std::size_t count, const std::string& method, const std::string& path, Actor as,
    const std::string& body, const Headers& headers
) {
    std::vector<http::Request> requests(count);
    std::vector<Answer> answers;
    bool done = false;
    for (auto& request : requests) {
        write(request, method, path, as, body, headers);
        boost::asio::co_spawn(
            composition_->io, composition_->gateway.handle(request),
            [&](std::exception_ptr failure, http::Response response) {
                if (failure) std::rethrow_exception(failure);
                answers.push_back(answer_of(std::move(response)));
                done = answers.size() == count;
            }
        );
    }
    turn_until(done);
    return answers;
}

}  // namespace afterresume::contract
