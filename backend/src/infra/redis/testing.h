// A Redis server of its own for a test, on a free port of this machine. Owned by the test.
#pragma once

#include "infra/redis/connection.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace afterresume::redis {

class TestServer {
public:
    // Whether the program is installed.
    static bool installed();

    // With more lines of its configuration.
    explicit TestServer(std::vector<std::string> configuration = {}, bool tls = false);
    ~TestServer() { stop(); }
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;

    Options options() const;
    // As SIGKILL does; start() has it listen where it did, with nothing of what it knew.
    void kill();
    void start();

private:
    void stop();
    bool answers() const;

    std::vector<std::string> configuration_;
    bool tls_;
    std::filesystem::path folder_;
    int port_ = 0;
    pid_t process_ = 0;
};

}  // namespace afterresume::redis
