// What a mail leads to, as its reader finds it.
#pragma once

#include "program.h"

#include <regex>
#include <string>

namespace afterresume::contract {

// The code of the link of that name, as in ?verify=CODE; empty where the mail has none.
inline std::string code_in(std::string mail, const std::string& name) {
    // Quoted-printable: = is =3D, and a line may be broken by = at its end.
    mail = std::regex_replace(mail, std::regex("=\r?\n"), "");
    std::regex link("\\?" + name + "=3D([A-Za-z0-9_-]+)");
    std::smatch found;
    return std::regex_search(mail, found, link) ? found[1].str() : std::string();
}

// The code of the link of that name in the only mail that has it and was sent to the address.
std::string mailed_code(Program& program, const std::string& address, const std::string& name);

}  // namespace afterresume::contract
