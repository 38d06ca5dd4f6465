// The API as a command calls it: of the running server, or of a program composed for this one
// command. Either way a command says what to do once, as a request.
#pragma once

#include "core/describe/reader.h"
#include "core/describe/writer.h"
#include "infra/config/settings.h"

#include <functional>
#include <memory>
#include <string>

namespace afterresume::app {

struct Reply {
    int status = 0;
    std::string body;

    Json json() const { return describe::parse_json(body); }
};

// A text of an object, for people to read; `otherwise` where there is none.
std::string text_of(const Json& object, std::string_view key, std::string_view otherwise = "-");
// Prints the answer: as it came where JSON is wanted, else as `tell` prints it for people. The exit
// code.
int print(const Reply& reply, bool json, void (*tell)(const Json& answer));

class Client {
public:
    virtual ~Client() = default;
    // Throws Error with the problem's code and sentence for anything but 2xx.
    Reply call(const std::string& method, const std::string& path, const std::string& body = {});
    // Waits until the job ends; gives its JSON. Throws Error when it failed, or when it is not
    // begun because of maintenance. `watch` sees every state on the way. `jobs` is where the user
    // finds it.
    Json wait_for(
        const std::string& job_id, const std::function<void(const Json&)>& watch = {},
        std::string_view jobs = "/api/jobs/"
    );
    // Works or waits until no job of the user is left unfinished, or for 30 seconds beside a
    // server: it goes on with what takes longer, is paused, or has to wait for its time. In
    // maintenance nothing is waited for.
    virtual void settle() = 0;

protected:
    // Whether no job is begun, as far as the user may know: nobody but operators is let in then.
    bool is_in_maintenance();
    virtual Reply send(
        const std::string& method, const std::string& path, const std::string& body
    ) = 0;
    // Lets time pass, or work be done, between two looks.
    virtual void pause() = 0;
};

// As the user with that address; as the only owner when empty.
std::unique_ptr<Client> connect(const config::Settings& settings, const std::string& email);

}  // namespace afterresume::app
