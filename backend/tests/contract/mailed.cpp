// What the program sent, as it lies in its outbox.
#include "mailed.h"

#include "app/composition.h"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace afterresume::contract {

std::string mailed_code(Program& program, const std::string& address, const std::string& name) {
    program.work();
    auto outbox = std::filesystem::path(program.composition().settings.data_dir) / "outbox";
    for (const auto& file : std::filesystem::directory_iterator(outbox)) {
        std::ifstream in(file.path(), std::ios::binary);
        std::stringstream text;
        text << in.rdbuf();
        auto mail = text.str();
        if (mail.find(address) == std::string::npos) continue;
        if (auto code = code_in(mail, name); !code.empty()) return code;
    }
    return {};
}

}  // namespace afterresume::contract
