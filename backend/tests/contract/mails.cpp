// What the program sent, as it lies in its outbox.
#include "program.h"

#include "app/composition.h"

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

namespace afterresume::contract {

std::string Program::mailed_code(const std::string& address, const std::string& name) {
    work();
    auto outbox = std::filesystem::path(composition_->settings.data_dir) / "outbox";
    for (const auto& file : std::filesystem::directory_iterator(outbox)) {
        std::ifstream in(file.path(), std::ios::binary);
        std::stringstream text;
        text << in.rdbuf();
        auto mail = text.str();
        // Quoted-printable: = is =3D, and a line may be broken by = at its end.
        mail = std::regex_replace(mail, std::regex("=\r\n"), "");
        std::smatch found;
        std::regex link("\\?" + name + "=3D([A-Za-z0-9_-]+)");
        if (mail.find(address) != std::string::npos && std::regex_search(mail, found, link))
            return found[1];
    }
    return {};
}

}  // namespace afterresume::contract
