#include "app/client_remote.h"

#include <curl/curl.h>
#include <boost/json/value.hpp>

#include <chrono>
#include <thread>

namespace afterresume::app {

namespace {

constexpr std::chrono::seconds longest_settling{30};

struct CurlCloser {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct HeaderCloser {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlHeaders = std::unique_ptr<curl_slist, HeaderCloser>;

std::size_t append(char* bytes, std::size_t, std::size_t count, void* into) {
    static_cast<std::string*>(into)->append(bytes, count);
    return count;
}

void add_header(CurlHeaders& headers, const std::string& line) {
    headers.reset(curl_slist_append(headers.release(), line.c_str()));
}

class RemoteClient final : public Client {
public:
    RemoteClient(LocalServer server, std::string email)
        : server_(std::move(server)), email_(std::move(email)), curl_(curl_easy_init()) {}

    void settle() override {
        if (is_in_maintenance()) return;
        auto end = std::chrono::steady_clock::now() + longest_settling;
        while ((busy("queued") || busy("running")) && std::chrono::steady_clock::now() < end)
            pause();
    }

private:
    bool busy(const std::string& status) {
        auto page = call("GET", "/api/jobs/?page_size=1&status=" + status).json();
        return !page.as_object().at("items").as_array().empty();
    }

    Reply send(const std::string& method, const std::string& path, const std::string& body)
        override {
        Reply reply;
        CurlHeaders headers;
        add_header(headers, "Authorization: Bearer " + server_.token);
        add_header(headers, "Content-Type: application/json");
        add_header(headers, "If-Match: *");
        add_header(headers, "Expect:");
        if (!email_.empty()) add_header(headers, "X-Act-As: " + email_);
        auto url = server_.address + path;
        auto* curl = curl_.get();
        curl_easy_reset(curl);
        curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
        curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
        curl_easy_setopt(curl, CURLOPT_TIMEOUT, 120L);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &append);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reply.body);
        if (method != "GET") {
            curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
            curl_easy_setopt(
                curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size())
            );
        }
        auto failed = curl_easy_perform(curl);
        if (failed != CURLE_OK) {
            throw Error(
                ErrorKind::unavailable, "client.no_answer",
                fmt::format(
                    "The server at {} does not answer: {}.", server_.address,
                    curl_easy_strerror(failed)
                )
            );
        }
        long status = 0;
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        reply.status = static_cast<int>(status);
        return reply;
    }

    void pause() override { std::this_thread::sleep_for(std::chrono::milliseconds(100)); }

    LocalServer server_;
    std::string email_;
    std::unique_ptr<CURL, CurlCloser> curl_;
};

}  // namespace

std::unique_ptr<Client> make_remote_client(const LocalServer& server, const std::string& email) {
    return std::make_unique<RemoteClient>(server, email);
}

}  // namespace afterresume::app
