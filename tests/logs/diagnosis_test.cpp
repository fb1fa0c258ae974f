// Every slip that is known by name is told from the others; a log without a slip is accepted.
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "logs/scalar_log.hpp"
#include "logs/table_checks.hpp"
#include "numeric/error.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;
using nlohmann::json;

namespace {

const Rational tolerance = Rational::ratio(1, 100'000);

/// What a training run logs, made in doubles: N episodes of T steps with G rows of K codes, M roll-outs of S
/// steps.
class Run {
 public:
  static constexpr std::size_t n = 2, t = 4, g = 3, k = 4, m = 3, s = 5;

  Run() : random_(7) {
    for (const char* rows : {"posterior", "prior"})
      for (std::size_t i = 0; i < n * t * g; ++i) add_row(table_[rows]);
    for (std::size_t i = 0; i < n * t; ++i) table_["reconstruction"].push_back(-uniform(1, 5));
    for (std::size_t i = 0; i < m * s; ++i) {
      table_["imagined_rewards"].push_back(uniform(-1, 1));
      table_["imagined_continues"].push_back(uniform(0.5, 1));
    }
    for (std::size_t i = 0; i < m * (s + 1); ++i) table_["imagined_values"].push_back(uniform(-2, 2));
  }

  double at(const std::string& name, std::size_t i) const { return table_.at(name)[i]; }
  void set(const std::string& name, std::vector<double> values) { table_[name] = std::move(values); }
  const std::vector<double>& get(const std::string& name) const { return table_.at(name); }

  double kl(std::size_t place, const char* q = "posterior", const char* p = "prior") const {
    double sum = 0;
    for (std::size_t i = place * g * k; i < (place + 1) * g * k; ++i)
      sum += at(q, i) * std::log(at(q, i) / at(p, i));
    return sum;
  }
  double entropy(std::size_t place) const {
    double sum = 0;
    for (std::size_t i = place * g * k; i < (place + 1) * g * k; ++i)
      sum -= at("posterior", i) * std::log(at("posterior", i));
    return sum;
  }
  template <class Of>
  static std::vector<double> each(std::size_t count, Of&& of) {
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) values.push_back(of(i));
    return values;
  }
  template <class Make>
  static std::vector<double> returns(Make&& make) {
    std::vector<double> values(m * s);
    for (std::size_t i = m * s; i-- > 0;) values[i] = make(i, i % s + 1 == s ? NAN : values[i + 1]);
    return values;
  }
  double v(std::size_t i, std::size_t by) const {
    return at("imagined_values", i / s * (s + 1) + i % s + by);
  }

  json log() const {
    json out;
    const std::map<std::string, std::vector<std::size_t>> shapes = {{"posterior", {n, t, g, k}},
                                                                    {"prior", {n, t, g, k}},
                                                                    {"reconstruction", {n, t}},
                                                                    {"kl", {n, t}},
                                                                    {"kl_loss", {n, t}},
                                                                    {"elbo", {n}},
                                                                    {"posterior_entropy", {n, t}},
                                                                    {"imagined_rewards", {m, s}},
                                                                    {"imagined_continues", {m, s}},
                                                                    {"imagined_values", {m, s + 1}},
                                                                    {"imagined_returns", {m, s}},
                                                                    {"imagined_weights", {m, s}},
                                                                    {"imagined_advantages", {m, s}}};
    for (const auto& [name, values] : table_) {
      std::size_t position = 0;
      out[name] = nested(values, shapes.at(name), 0, position);
    }
    out["free_bits"] = free;
    out["discount"] = discount;
    out["lambda"] = lambda;
    return out;
  }
  static constexpr double discount = 0.9, lambda = 0.8;
  static constexpr double free = 0.55;  ///< between the smallest and the mean divergence

 private:
  double uniform(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }
  void add_row(std::vector<double>& values) {
    double sum = 0;
    for (std::size_t i = 0; i < k; ++i) sum += values.emplace_back(uniform(0.1, 1));
    for (std::size_t i = values.size() - k; i < values.size(); ++i) values[i] /= sum;
  }
  static json nested(const std::vector<double>& values, const std::vector<std::size_t>& shape,
                     std::size_t axis, std::size_t& position) {
    if (axis == shape.size()) return values[position++];
    json list = json::array();
    for (std::size_t i = 0; i < shape[axis]; ++i) list.push_back(nested(values, shape, axis + 1, position));
    return list;
  }

  std::mt19937 random_;
  std::map<std::string, std::vector<double>> table_;
};

Run sound() {
  Run run;
  run.set("kl", Run::each(Run::n * Run::t, [&](std::size_t i) { return run.kl(i); }));
  run.set("posterior_entropy", Run::each(Run::n * Run::t, [&](std::size_t i) { return run.entropy(i); }));
  run.set("kl_loss",
          Run::each(Run::n * Run::t, [&](std::size_t i) { return std::max(Run::free, run.at("kl", i)); }));
  run.set("elbo", Run::each(Run::n, [&](std::size_t i) {
            double sum = 0;
            for (std::size_t j = i * Run::t; j < (i + 1) * Run::t; ++j)
              sum += run.at("reconstruction", j) - run.at("kl", j);
            return sum;
          }));
  run.set("imagined_returns", Run::returns([&](std::size_t i, double next) {
            const double later = std::isnan(next) ? run.v(i, 1) : next;
            return run.at("imagined_rewards", i) +
                   0.9 * run.at("imagined_continues", i) * (0.2 * run.v(i, 1) + 0.8 * later);
          }));
  run.set("imagined_weights", [&] {
    std::vector<double> w;
    for (std::size_t i = 0; i < Run::m * Run::s; ++i)
      w.push_back(i % Run::s == 0 ? 1 : w.back() * 0.9 * run.at("imagined_continues", i - 1));
    return w;
  }());
  run.set("imagined_advantages", Run::each(Run::m * Run::s, [&](std::size_t i) {
            return run.at("imagined_returns", i) - run.v(i, 0);
          }));
  return run;
}

TableReport checked(const json& log) {
  const TextFile file(log.dump());
  return check_tables(read_logged_tables(file.path()), tolerance);
}

/// The diagnosis of the one law that fails.
std::string diagnosed(const json& log, const std::string& law) {
  for (const TableCheck& check : checked(log).checks)
    if (check.name == law) {
      CHECK(check.verdict() == Truth::no);
      return check.diagnosis;
    }
  return "no such law";
}

void slip(const std::string& table, std::vector<double> values, const std::string& law,
          const std::string& words) {
  Run run = sound();
  run.set(table, std::move(values));
  const std::string said = diagnosed(run.log(), law);
  INFO(law << ": " << said << "; wanted: " << words);
  CHECK(said.find(words) != std::string::npos);
}

TableReport scalars(const std::string& lines, const ScalarOptions& options = {}) {
  const TextFile file(lines, ".jsonl");
  return check_scalars(read_metrics(file.path()), options, tolerance);
}
const TableCheck& named(const TableReport& report, const std::string& name) {
  for (const TableCheck& check : report.checks)
    if (check.name == name) return check;
  FAIL("no check " << name);
  return report.checks.front();
}

}  // namespace

TEST_CASE("diagnoses: a log without a slip is accepted", "[logs]") {
  for (const TableCheck& check : checked(sound().log()).checks) {
    INFO(check.name);
    CHECK(check.verdict() == Truth::yes);
  }
}

TEST_CASE("diagnoses: slips of divergences, entropies and free bits", "[logs]") {
  const Run run = sound();
  const std::size_t places = Run::n * Run::t;
  const auto kl = [&](auto&& of) { return Run::each(places, of); };
  slip("kl", kl([&](std::size_t i) { return run.kl(i, "prior", "posterior"); }), "divergence",
       "the other way round");
  slip("kl", kl([&](std::size_t i) { return run.kl(i) / std::log(2); }), "divergence", "in bits");
  slip("kl", kl([&](std::size_t i) { return run.kl(i) / Run::g; }), "divergence", "a mean over the 3 rows");
  slip("kl", kl([&](std::size_t i) { return 0.6 * run.kl(i); }), "divergence", "3/5 times");
  slip("kl", kl([&](std::size_t i) { return run.kl(i) / 2; }), "divergence", "two replicas?");
  slip("kl", kl([&](std::size_t i) { return run.kl(i) + 0.25; }), "divergence", "1/4 more");
  slip("posterior_entropy", kl([&](std::size_t i) { return run.entropy(i) / std::log(2); }),
       "posterior_entropy", "in bits");
  slip("kl_loss", kl([&](std::size_t i) { return run.at("kl", i); }), "free bits", "nothing is free");
  double mean = 0;
  for (std::size_t i = 0; i < places; ++i) mean += run.at("kl", i) / static_cast<double>(places);
  slip("kl_loss", kl([&](std::size_t) { return std::max(Run::free, mean); }), "free bits",
       "the max after the mean");
  slip("kl_loss", kl([&](std::size_t i) { return std::max(0.0, run.at("kl", i) - Run::free); }), "free bits",
       "is taken off");
  slip("kl_loss", kl([&](std::size_t i) { return std::min(Run::free, run.at("kl", i)); }), "free bits",
       "min in place of max");
}

TEST_CASE("diagnoses: free bits before and after a sum or a mean are two forms of the law", "[logs]") {
  const json rows = {{"kl", {{{0.5, 2.5}, {1.5, 3.0}}}}, {"free_bits", 2}};
  const auto form = [&](const json& loss) {
    json log = rows;
    log["kl_loss"] = loss;
    const TableReport report = checked(log);
    return named(report, "free bits");
  };
  CHECK(form({{4.5, 5.0}}).diagnosis == "clipped before the sum");
  CHECK(form({{3.0, 4.5}}).diagnosis == "clipped after the sum");
  CHECK(form(2.375).diagnosis == "clipped before the mean");
  CHECK(form(2.0).diagnosis == "clipped after the mean");
  CHECK(form({{3.5, 4.5}}).verdict() == Truth::no);
}

TEST_CASE("diagnoses: slips of the evidence bound", "[logs]") {
  const Run run = sound();
  const auto sums = [&](auto&& of) {
    return Run::each(Run::n, [&](std::size_t i) {
      double sum = 0;
      for (std::size_t j = i * Run::t; j < (i + 1) * Run::t; ++j) sum += of(j);
      return sum;
    });
  };
  const std::string law = "evidence bound as a sum";
  const auto rec = [&](std::size_t j) { return run.at("reconstruction", j); };
  slip("elbo", sums([&](std::size_t j) { return rec(j) + run.at("kl", j); }), law, "the sign of kl");
  slip("elbo", sums(rec), law, "kl is left out");
  slip("elbo", sums([&](std::size_t j) { return rec(j) - run.at("kl_loss", j); }), law,
       "free bits are in the bound");
  slip("elbo", sums([&](std::size_t j) { return (rec(j) - run.at("kl", j)) / Run::t; }), law,
       "a mean over the 4 steps");
}

TEST_CASE("diagnoses: slips of imagined returns, weights and advantages", "[logs]") {
  const Run run = sound();
  const auto r = [&](std::size_t i) { return run.at("imagined_rewards", i); };
  const auto c = [&](std::size_t i) { return run.at("imagined_continues", i); };
  const auto last = [](std::size_t i) { return i % Run::s + 1 == Run::s; };
  const auto first = [](std::size_t i) { return i % Run::s == 0; };
  const auto made = [&](auto&& reward, auto&& chance, std::size_t value, double weight, double discount,
                        bool bootstraps) {
    return Run::returns([&](std::size_t i, double next) {
      const double later = last(i) ? (bootstraps ? run.v(i, 1) : 0) : next;
      const double v = last(i) && !bootstraps ? 0 : run.v(i, value);
      return reward(i) + discount * chance(i) * ((1 - weight) * v + weight * later);
    });
  };
  const auto one = [](std::size_t) { return 1.0; };
  const std::string law = "imagined returns";
  slip("imagined_returns", made([&](std::size_t i) { return last(i) ? 0 : r(i + 1); }, c, 1, 0.8, 0.9, true),
       law, "r[t+1]");
  slip("imagined_returns", made([&](std::size_t i) { return first(i) ? 0 : r(i - 1); }, c, 1, 0.8, 0.9, true),
       law, "r[t-1]");
  slip("imagined_returns", made(r, c, 0, 0.8, 0.9, true), law, "v[t] in the place of v[t+1]");
  slip("imagined_returns",
       made(
           r, [&](std::size_t i) { return last(i) ? 1 : c(i + 1); }, 1, 0.8, 0.9, true),
       law, "c[t+1]");
  slip("imagined_returns", made(r, c, 1, 0.2, 0.9, true), law, "exchanged");
  slip("imagined_returns", made(r, one, 1, 0.8, 0.9, true), law, "chances to go on are left out");
  slip("imagined_returns", made(r, c, 1, 0.8, 1, true), law, "discount is left out");
  slip("imagined_returns", made(r, c, 1, 0.8, 0.9, false), law, "G[T] = 0");
  const auto weights = [&](auto&& factor, bool from_start) {
    std::vector<double> w;
    for (std::size_t i = 0; i < Run::m * Run::s; ++i)
      w.push_back(first(i) && !from_start ? 1 : (first(i) ? 1 : w.back()) * factor(i));
    return w;
  };
  slip("imagined_weights", weights([&](std::size_t i) { return 0.9 * c(i); }, true), "imagined weights",
       "one step too many");
  slip("imagined_weights", weights([&](std::size_t) { return 0.9; }, false), "imagined weights",
       "chances to go on are left out");
  slip("imagined_weights", weights([&](std::size_t i) { return c(i - 1); }, false), "imagined weights",
       "discount is left out");
  slip("imagined_weights", weights(one, false), "imagined weights", "all weights are 1");
  const auto advantages = [&](auto&& of) { return Run::each(Run::m * Run::s, of); };
  const auto gain = [&](std::size_t i) { return run.at("imagined_returns", i); };
  slip("imagined_advantages", advantages([&](std::size_t i) { return gain(i) - run.v(i, 1); }),
       "imagined advantages", "v[t+1]");
  slip("imagined_advantages", advantages([&](std::size_t i) { return run.v(i, 0) - gain(i); }),
       "imagined advantages", "the sign");
  slip("imagined_advantages", advantages(gain), "imagined advantages", "no baseline");
  slip("imagined_advantages", advantages([&](std::size_t i) { return (gain(i) - run.v(i, 0)) / 4; }),
       "imagined advantages", "1/4 times");
  slip("imagined_advantages",
       advantages([&](std::size_t i) { return r(i) + 0.9 * c(i) * run.v(i, 1) - run.v(i, 0); }),
       "imagined advantages", "one step only");
}

TEST_CASE("what is no number is a fault, and the other laws are checked all the same", "[logs]") {
  json log = sound().log();
  log["imagined_rewards"][1][2] = nullptr;
  const TableReport report = checked(log);
  const TableCheck& numbers = named(report, "numbers of imagined_rewards");
  CHECK(numbers.verdict() == Truth::no);
  REQUIRE(numbers.first);
  CHECK(numbers.first->place.ends_with("/imagined_rewards[1][2]"));
  CHECK(numbers.first->found == "NaN");
  CHECK(named(report, "divergence").verdict() == Truth::yes);
  CHECK(std::ranges::any_of(report.unchecked, [](const auto& one) {
    return one.name == "imagined returns" && one.needs == "imagined_rewards without what is no number";
  }));
}

TEST_CASE("scalars: means of clipped divergences, before and after the mean", "[logs]") {
  const ScalarOptions one{.constants = {{"free_bits", 1}}};
  const auto law = [&](const std::string& lines) { return named(scalars(lines, one), "free bits of means"); };
  CHECK(
      law("{\"kl\": 0.5, \"kl_loss\": 1}\n{\"kl\": 2, \"kl_loss\": 2}\n").diagnosis.find("after the mean") !=
      std::string::npos);
  CHECK(law("{\"kl\": 0.5, \"kl_loss\": 1.2}\n{\"kl\": 2, \"kl_loss\": 2.1}\n")
            .diagnosis.find("before the mean") != std::string::npos);
  const TableCheck low =
      law("{\"step\": 5, \"kl\": 0.5, \"kl_loss\": 1}\n{\"step\": 6, \"kl\": 2, \"kl_loss\": 1.9}\n");
  CHECK(low.verdict() == Truth::no);
  CHECK(low.first->place.find(":2 (step 6): kl_loss") != std::string::npos);
  CHECK(law("{\"kl\": 0.5, \"kl_loss\": 0.5}\n{\"kl\": 2, \"kl_loss\": 2}\n")
            .diagnosis.find("nothing is free") != std::string::npos);
  CHECK(law("{\"kl\": 0.5, \"kl_loss\": 0}\n{\"kl\": 2, \"kl_loss\": 1}\n").diagnosis.find("taken off") !=
        std::string::npos);
  CHECK(law("{\"kl\": 0.5, \"kl_loss\": 0.75}\n{\"kl\": 2, \"kl_loss\": 2}\n")
            .diagnosis.find("between 0.25 and 0.75 free bits") != std::string::npos);
}

TEST_CASE("scalars: the total is a weighted sum, and the weights are told", "[logs]") {
  std::string lines, wrong;
  for (int i = 1; i <= 9; ++i) {
    const double kl = 0.5 * i, image = 10 + (i * i % 7), reward = i % 3;
    const auto row = [&](double total) {
      return json{{"train",
                   {{"kl_loss", kl}, {"image_loss", image}, {"reward_loss", reward}, {"model_loss", total}}}}
                 .dump() +
             "\n";
    };
    lines += row(0.1 * kl + image + 2 * reward);
    wrong += row(0.1 * kl + image + 2 * reward + (i == 4 ? 0.01 : 0));
  }
  const TableReport report = scalars(lines);
  CHECK(named(report, "total as a weighted sum").verdict() == Truth::yes);
  CHECK(named(report, "total as a weighted sum").diagnosis ==
        "= train/image_loss + 1/10 train/kl_loss + 2 train/reward_loss");
  REQUIRE(report.figures.size() == 3);
  CHECK(report.figures[1].value == "1/10");
  CHECK(named(scalars(wrong), "total as a weighted sum").verdict() == Truth::no);
  CHECK(named(scalars(lines, {.parts = {"train/image_loss", "train/kl_loss"}}), "total as a weighted sum")
            .verdict() == Truth::no);
}

TEST_CASE("scalars: entropies, balance, evidence", "[logs]") {
  const ScalarOptions options{.constants = {{"codes", 4}, {"groups", 2}}};
  CHECK(named(scalars("{\"post_ent\": 2.7725}\n", options), "range of posterior_entropy").verdict() ==
        Truth::yes);
  CHECK(named(scalars("{\"post_ent\": 2.7727}\n", options), "range of posterior_entropy").verdict() ==
        Truth::no);
  CHECK(named(scalars("{\"prior_ent\": -0.1}\n"), "range of prior_entropy").verdict() == Truth::no);
  CHECK(named(scalars("{\"loss\": {\"dyn\": 1.5, \"rep\": 1.5}}\n"), "balanced KL").verdict() == Truth::yes);
  const TableReport scaled =
      scalars("{\"loss\": {\"dyn\": 1.5, \"rep\": 0.15}}\n{\"loss\": {\"dyn\": 2, \"rep\": 0.2}}\n");
  CHECK(named(scaled, "balanced KL").diagnosis == "1/10 times what is expected at every place");
  CHECK(named(scalars("{\"reconstruction\": -5, \"kl\": 1, \"elbo\": -4}\n"), "evidence bound as a sum")
            .diagnosis.find("the sign of kl") != std::string::npos);
  CHECK(named(scalars("{\"kl\": -0.1}\n"), "sign of kl").verdict() == Truth::no);
  CHECK(named(scalars("{\"kl\": 1, \"cross_entropy\": 1, \"post_ent\": 0.5}\n"), "divergence of entropies")
            .diagnosis.find("the entropy is left out") != std::string::npos);
}

TEST_CASE("scalars: the first step that is no number is a fault", "[logs]") {
  const TableReport report =
      scalars("{\"step\": 1, \"kl\": 0.5}\n\n{\"step\": 2, \"kl\": NaN, \"x\": Infinity}\n");
  const TableCheck& check = named(report, "numbers");
  CHECK(check.faults == 2);
  CHECK(check.first->place.find(":3 (step 2): kl") != std::string::npos);
  CHECK(check.first->found == "NaN");
}

TEST_CASE("scalars: what no row says together is not said to hold", "[logs]") {
  const TableReport report = scalars("{\"kl\": 1}\n{\"kl_loss\": 0.2, \"free_bits\": 1}\n");
  CHECK(std::ranges::none_of(report.checks,
                             [](const TableCheck& check) { return check.name == "free bits of means"; }));
  CHECK(std::ranges::any_of(report.unchecked,
                            [](const auto& one) { return one.name == "free bits of means"; }));
  CHECK(scalars("{}\n").checks.empty());
  for (const char* spelt : {"NaN", "\"nan\"", "\"Infinity\"", "-inf", "null"})
    CHECK(named(scalars("{\"x\": " + std::string(spelt) + "}\n"), "numbers").faults == 1);
}

TEST_CASE("scalars: what is read in one of two ways is refused", "[logs]") {
  const auto message = [](const std::string& lines, const ScalarOptions& options = {}) {
    try {
      scalars(lines, options);
    } catch (const InvalidInput& fault) {
      return std::string(fault.what());
    }
    return std::string();
  };
  const std::string both = "{\"train\": {\"kl\": 1}, \"eval\": {\"kl\": 2}}\n";
  CHECK(message(both).find("--as kl=eval/kl") != std::string::npos);
  CHECK(message(both, {.keys = {{"kl", "train/kl"}}}).find("eval/kl") == std::string::npos);
  CHECK(message(both, {.keys = {{"kl", "test/kl"}}}).find("no test/kl") != std::string::npos);
  CHECK(message(both, {.keys = {{"kll", "train/kl"}}}).find("no law speaks of kll") != std::string::npos);
  CHECK(message("{\"kl\": 1}\n", {.constants = {{"kl", 1}}}).find("the log has it") != std::string::npos);
  CHECK(message("{\"kl\": 1}\n", {.constants = {{"foo", 1}}}).find("no law speaks of it") !=
        std::string::npos);
  CHECK(message("{\"post_ent\": 1}\n", {.constants = {{"codes", 0}}}).find("at least 1") !=
        std::string::npos);
  CHECK(message("{\"loss\": 1, \"a_loss\": 1}\n", {.parts = {"loss"}}).find("the total itself") !=
        std::string::npos);
  CHECK(message("{\"kl\": 1e-401}\n").find(":1: the line has 1e-401") != std::string::npos);
  CHECK(message("{\"kl\": 1}\n[1]\n").find(":2: the line is a list") != std::string::npos);
  CHECK(message("{\"kl\": 1}\n{\"kl\": }\n").find(":2: the line is not valid JSON") != std::string::npos);
  CHECK(message("{\"kl\": 1, \"kl\": 2}\n").find("kl twice") != std::string::npos);
  CHECK(message("\n").find("holds no line") != std::string::npos);
}
