#include "features/accounts/model.h"

#include <gtest/gtest.h>

namespace afterresume::accounts {
namespace {

TEST(Password, MustNotBeAmongTheFirstThatAnyoneGuesses) {
    for (auto password :
         {"short", "password123", "Passwort1234", "aaaaaaaaaaaa", "abcdefghijkl", "1234567890",
          "qwerty12345", "ada.lovelace1", "winniethepooh", "Computer2011!", "!!Michelle99",
          "12basketball"}) {
        EXPECT_TRUE(weakness(password, "ada.lovelace@example.com")) << password;
    }
}

TEST(Password, MayBeAnythingElseHoweverLong) {
    for (auto password :
         {"correct horse battery", "kR8!vw2#Lq", "computer says 7 noes", "пароль из слов и снега"
         }) {
        EXPECT_FALSE(weakness(password, "ada.lovelace@example.com")) << password;
    }
    EXPECT_FALSE(weakness("x9" + std::string(70, 'q') + "a 7b Zp4 m!", "a@b.c"));
    EXPECT_TRUE(weakness(std::string(1025, 'q'), "a@b.c"));
}

}  // namespace
}  // namespace afterresume::accounts
