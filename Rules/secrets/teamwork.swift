import Foundation

// Every value here is made up. They are written in two parts so that no scanner of pushes takes them for real ones.
enum TeamworkSamples {
    // ruleid: sourcegraph-token
    static let value1 = "sgp_" + "5a7598e0f171b14361ba8cc03c7e62f72b7f619d"
    // ruleid: sourcegraph-token
    static let value2 = "sgp_a077fee76122b7c8_" + "ba96192db4e81f39f4e7626bfaa7a29b866fa46c"
    // ok: sourcegraph-token
    static let value3 = "sgp_local_"
    // ok: sourcegraph-token
    static let value4 = "sgp_5555555555555555555555555555555555555555"
    // ruleid: typeform-token
    static let value5 = "tfp_" + "rUoyDXB3gRGtC59BBFccMMcJsFSqd0vcLXPUcEdZKDZI1p1JrSjvMTgSgMN"
    // ruleid: typeform-token
    static let value6 = "tfp_" + "h4hu6zc9Yl5GPCVq87D18wS2Hnuq9ojYwNIhIXanGU6erxpz8s5FFQ1NntF"
    // ok: typeform-token
    static let value7 = "tfp_token"
    // ok: typeform-token
    static let value8 = "tfp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: atlassian-token
    static let value9 = "ATATT3" + "3TskX3NI96bS6WXD80nmTAcACPENPzOUoHfCqQBe3LiK0cZjeISsepFZzcFHVAG97zg6R4P4351h2piwIXKnLAL4ycmWoPZ5QScaHzMUOOq68YIn2zSELcjZBTTKbIs4asvyJ20KXFhVsqUzGPDc9bM4pS1Qs90XGw550BGLfXgSqYOrsgmc6rR95n"
    // ruleid: atlassian-token
    static let value10 = "ATATT3" + "LBylXA11tzFvp6Fo5Ajaqs8DdbdNXtGvrahbthjczF0cham3l2Wq8N0D0azj2HzigGr4FKF3l30OD2GBJ7TFr6xyLrKdbpPNczIpULTk9nerwzyAWX6kBsVwL1Y1VrqQFZfatBNoSxzKlmrp9igWjuNm5wp71rj9WiIWayGe5bot237wvZGyRV9z3H"
    // ok: atlassian-token
    static let value11 = "ATATT3"
    // ok: atlassian-token
    static let value12 = "ATATT3xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: postman-key
    static let value13 = "PMAK-" + "e3d269a1ecad78c0f4fbebbe-4679bec21a35dceedcea2bfc91e613a68a"
    // ruleid: postman-key
    static let value14 = "PMAK-" + "c22801cf8a4e94c5d8bb50f4-14761c5e868ba6908d550467fd189868cb"
    // ok: postman-key
    static let value15 = "PMAK-"
    // ok: postman-key
    static let value16 = "PMAK-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: figma-token
    static let value17 = "figd_" + "9reEfMXbiI9R9EMhgZMrLHxhkwK0XhBCEvFksQun"
    // ruleid: figma-token
    static let value18 = "figd_" + "Oj8XKeAUtrB6Qj8LgzwrClAvnWuNIDP23uK96IT5"
    // ok: figma-token
    static let value19 = "figd_"
    // ok: figma-token
    static let value20 = "figd_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: linear-key
    static let value21 = "lin_api_" + "HJo4FguJzVXZjiojM9qYAlO8WU1lSDDhYPPwSfKO"
    // ruleid: linear-key
    static let value22 = "lin_api_" + "xQFAb1nCLWSUjJoiiLaQOlzJiMTl07eRauIBEyAk"
    // ok: linear-key
    static let value23 = "lin_api_"
    // ok: linear-key
    static let value24 = "lin_api_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: notion-token
    static let value25 = "ntn_" + "8ATM5bFwtEiUJ6MHiCnOLkcseK8GwGIKdR6JzfvbS6NnrC"
    // ruleid: notion-token
    static let value26 = "ntn_" + "rYdq6Rpl3zZLhjj6mX6OLgr53Oi1lxikCMIv9HTHJZq52v"
    // ok: notion-token
    static let value27 = "ntn_"
    // ok: notion-token
    static let value28 = "ntn_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
}
