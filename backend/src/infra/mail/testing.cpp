#include "infra/mail/testing.h"

#include "core/id.h"
#include "core/testing.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace afterresume::mail {

namespace {

constexpr auto program = "../tools/test-smtp";

struct Pipe {
    std::array<int, 2> ends{};
    Pipe() {
        if (::pipe(ends.data()) != 0) throw std::runtime_error("there is no pipe");
    }
    int read() const { return ends[0]; }
    int write() const { return ends[1]; }
};

[[noreturn]] void become(
    std::vector<std::string> arguments, const Pipe& input, const Pipe& output
) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(input.read(), STDIN_FILENO);
    ::dup2(output.write(), STDOUT_FILENO);
    ::close(input.write());
    ::close(output.read());
    std::vector<char*> pointers;
    for (auto& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    ::execv(program, pointers.data());
    ::_exit(127);
}

int first_number(int descriptor) {
    std::string line;
    char c = 0;
    while (::read(descriptor, &c, 1) == 1 && c != '\n') line += c;
    if (line.empty()) throw std::runtime_error("tools/test-smtp does not start");
    return std::stoi(line);
}

}  // namespace

TestServer::TestServer(Speaks speaks, const std::string& login, const std::string& reply)
    : speaks_(speaks),
      folder_(std::filesystem::temp_directory_path() / ("ar_smtp_" + Uuid::random().text())) {
    std::filesystem::create_directories(folder_);
    std::vector<std::string> arguments{program, folder_.string(), "--login",
                                       login,   "--reply",        reply};
    if (speaks != Speaks::plainly) {
        make_certificate(folder_);
        arguments.insert(
            arguments.end(), {"--certificate", (folder_ / "cert.pem").string(), "--key",
                              (folder_ / "key.pem").string()}
        );
    }
    if (speaks == Speaks::implicit_tls) arguments.emplace_back("--implicit");
    Pipe input;
    Pipe output;
    process_ = ::fork();
    if (process_ == 0) become(arguments, input, output);
    ::close(input.read());
    ::close(output.write());
    input_ = input.write();
    port_ = first_number(output.read());
    ::close(output.read());
}

TestServer::~TestServer() {
    kill();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void TestServer::kill() {
    if (process_ == 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    ::close(input_);
    process_ = 0;
}

SmtpOptions TestServer::options() const {
    SmtpOptions options;
    options.host = "localhost";
    options.port = port_;
    options.tls = speaks_ == Speaks::plainly    ? Tls::none
                  : speaks_ == Speaks::starttls ? Tls::starttls
                                                : Tls::implicit;
    if (speaks_ != Speaks::plainly) options.ca_file = (folder_ / "cert.pem").string();
    return options;
}

std::vector<std::string> TestServer::mails() const {
    std::vector<std::string> out;
    for (int number = 1;; ++number) {
        std::ifstream in(folder_ / fmt::format("{}.eml", number), std::ios::binary);
        if (!in) return out;
        std::stringstream content;
        content << in.rdbuf();
        out.push_back(content.str());
    }
}

}  // namespace afterresume::mail
