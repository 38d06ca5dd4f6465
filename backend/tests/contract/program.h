// A whole program in this process on a database of its own, and the people who call it. Owned by a
// fixture for the length of a test suite; requests go straight to the gateway, and its io_context
// runs only inside the calls.
#pragma once

#include "answer.h"

#include "core/describe/traits.h"
#include "core/id.h"
#include "core/task.h"
#include "infra/sql/testing.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gmock/gmock.h>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// Tests that look inside include app/composition.h themselves; most do not, and compile in half the
// time without it.
namespace afterresume::app {
struct Composition;
}
namespace afterresume::config {
struct Settings;
}
namespace afterresume::http {
struct Request;
struct Response;
}  // namespace afterresume::http

namespace afterresume::contract {

// `ada` and `bob` own a tenant each, and ada operates the installation; `carol` reads in ada's. The
// others hold what their names say, made for ada.
enum class Actor {
    nobody,
    ada,
    bob,
    carol,
    expired,
    forged,
    truncated,
    wrong_audience,
    ended_session
};
using enum Actor;

class Program {
public:
    using Adjust = std::function<void(config::Settings&)>;
    explicit Program(sql::Dialect dialect, const Adjust& adjust = {});
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    // Placeholders in path and body, as {ada.entry}, become what was remembered under their name.
    // Checks of every answer what holds for all of them, such as the shape of a problem.
    Answer call(
        const std::string& method, const std::string& path, Actor as, const std::string& body = {},
        const Headers& headers = {}
    );
    // As many of these together; the answers, as they came.
    std::vector<Answer> call_at_once(
        std::size_t count, const std::string& method, const std::string& path, Actor as,
        const std::string& body = {}, const Headers& headers = {}
    );
    // The same database, served anew with other settings.
    void restart(const Adjust& adjust);
    // Does jobs until there are none.
    void work();
    // Fails the test for each promise of the engine that is broken.
    void check_jobs();
    void remember(const std::string& name, const std::string& value) {
        remembered_["{" + name + "}"] = value;
    }
    std::string fill(std::string text) const;
    // One of everything that ada can have: {ada.entry}, {ada.skill}, {ada.job}, {ada.invitation},
    // {ada.session}, {ada.token}, {ada.schedule}, {ada.work}, {ada.member}; a report when there are
    // workflows that write one, and {ada.share}, a link to it.
    void furnish();

    app::Composition& composition() { return *composition_; }
    const std::string& secret() const;
    // What this node knows of the session, as every node does within a second.
    void forget_session(std::int64_t session);
    const std::string& token(Actor actor) const { return tokens_.at(actor); }
    void set_token(Actor actor, const std::string& token) { tokens_[actor] = token; }
    // Ada's access token with another claim.
    std::string token_with(const std::string& claim, const Json& value) const;

    template <class T>
    T run(Task<T> task) {
        std::exception_ptr failure;
        std::optional<T> value;
        bool done = false;
        boost::asio::co_spawn(io(), std::move(task), [&](std::exception_ptr error, T result) {
            failure = error;
            value.emplace(std::move(result));
            done = true;
        });
        turn_until(done);
        if (failure) std::rethrow_exception(failure);
        return std::move(*value);
    }

private:
    struct Home;
    boost::asio::io_context& io();
    void start(const config::Settings& settings);
    void stop();
    void run_void(Task<void> task);
    void turn_until(const bool& done);
    void sign_everybody_up();
    void write(
        http::Request& request, const std::string& method, const std::string& path, Actor as,
        const std::string& body, const Headers& headers
    ) const;
    static Answer answer_of(http::Response response);

    std::unique_ptr<Home> home_;
    std::unique_ptr<app::Composition> composition_;
    std::map<Actor, std::string> tokens_;
    std::map<std::string, std::string> remembered_;
    bool furnished_ = false;
};

inline constexpr std::string_view password = "plover staple 47 orbit";
std::string file_text(const std::filesystem::path& path);
std::string login_body(const std::string& email, std::string_view secret = password);

}  // namespace afterresume::contract
